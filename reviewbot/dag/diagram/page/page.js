"use strict";
// What all parts share: the data, how elements are made (texts only, never markup), the selection.
const run = JSON.parse(document.getElementById("data").textContent);
const byPath = new Map(run.steps.map((step) => [step.path, step]));
const byId = (id) => document.getElementById(id);
const listeners = [];
const state = { selected: null, at: run.seconds, rows: "wave" };

function make(tag, classes, text) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  if (text !== undefined) element.textContent = text;
  return element;
}

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const css = (status) => status.replace(" ", "-");
const seconds = (value) =>
  value >= 100 ? `${value.toFixed(0)} s` : value >= 0.1 ? `${value.toFixed(2)} s` : `${(value * 1000).toFixed(1)} ms`;
const percent = (value) => `${(100 * value) / (run.seconds || 1)}%`;
const end = (step) => step.started + step.seconds;

// How a step stood at a moment of the run.
function standing(step, at) {
  if (at >= end(step) && at >= step.started) return step.status;
  return at >= step.started && step.ran ? "working" : "waiting";
}

function select(path) {
  state.selected = path;
  for (const listener of listeners) listener("selected");
}

function moveTo(at) {
  state.at = Math.min(run.seconds, Math.max(0, at));
  for (const listener of listeners) listener("at");
}
