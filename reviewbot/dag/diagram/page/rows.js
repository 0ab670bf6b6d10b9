// The timeline: one row per step by wave, or one row per lane.
function bar(step, labelled) {
  const element = make("div", `bar ${css(step.status)}${step.critical ? " critical" : ""}`);
  element.style.left = percent(step.started);
  element.style.width = percent(step.seconds);
  for (const attempt of step.attempts) {
    const piece = make("div", attempt.error ? "try failed" : "try");
    piece.style.left = `${(100 * (attempt.started - step.started)) / (step.seconds || 1)}%`;
    piece.style.width = `${(100 * attempt.seconds) / (step.seconds || 1)}%`;
    piece.title = `${attempt.by}, attempt ${attempt.number}: ${seconds(attempt.seconds)}${attempt.error ? `, ${attempt.error}` : ""}`;
    element.append(piece);
  }
  if (labelled) element.append(make("span", "label", step.path));
  element.dataset.path = step.path;
  return element;
}

function track(steps, labelled) {
  const element = make("div", "track");
  for (const step of steps) {
    if (step.ran) {
      element.append(bar(step, labelled));
    } else {
      const never = make("div", `never ${css(step.status)}`);
      never.style.left = `calc(${percent(step.started)} - 4px)`;
      never.title = step.status;
      element.append(never);
    }
  }
  return element;
}

function stepRow(step) {
  const row = make("div", `row ${css(step.status)}${step.depth ? " inside" : ""}`);
  row.style.setProperty("--depth", step.depth);
  row.dataset.path = step.path;
  const name = make("div", "name", step.path);
  name.title = step.path;
  row.append(name, track([step], false), make("div", "took", step.ran ? seconds(step.seconds) : step.status));
  return row;
}

function waveRows() {
  const rows = [];
  let wave = 0;
  const tops = run.steps.filter((step) => step.top).sort((a, b) => a.wave - b.wave);
  for (const top of tops) {
    if (top.wave !== wave) rows.push(make("div", "wave-name", `wave ${(wave = top.wave)}`));
    const place = run.steps.indexOf(top);
    rows.push(stepRow(top));
    for (let index = place + 1; index < run.steps.length && run.steps[index].depth > top.depth; index += 1) {
      rows.push(stepRow(run.steps[index]));
    }
  }
  return rows;
}

function laneRows() {
  const lanes = new Map();
  for (const step of run.steps) {
    if (step.lane !== undefined && step.lane !== null) lanes.set(step.lane, [...(lanes.get(step.lane) || []), step]);
  }
  return [...lanes.keys()].sort((a, b) => a - b).map((lane) => {
    const row = make("div", "row");
    row.append(make("div", "name", `lane ${lane + 1}`), track(lanes.get(lane), true), make("div", "took"));
    return row;
  });
}

function drawRows() {
  const host = byId("rows");
  const rows = state.rows === "wave" ? waveRows() : laneRows();
  const longest = Math.max(6, ...run.steps.map((step) => step.path.length + 2 * step.depth));
  host.style.setProperty("--names", `${Math.min(300, 8 * longest + 44)}px`);
  const body = make("div");
  body.append(...rows);
  const ticks = axis();
  const curtain = make("div", "curtain");
  curtain.id = "curtain";
  host.replaceChildren(ticks, body, curtain);
  ticks.style.setProperty("--tall", `${body.offsetHeight}px`);
  markRows("selected");
  markRows("at");
}

function markRows(what) {
  const host = byId("rows");
  if (what === "selected") {
    for (const row of host.querySelectorAll(".row[data-path]")) {
      row.classList.toggle("selected", row.dataset.path === state.selected);
    }
    return;
  }
  const ticks = host.querySelector(".axis");
  const left = ticks.offsetLeft + (ticks.offsetWidth * state.at) / (run.seconds || 1);
  const curtain = byId("curtain");
  curtain.hidden = state.at >= run.seconds;
  curtain.style.left = `${left}px`;
  curtain.style.width = `${Math.max(0, ticks.offsetLeft + ticks.offsetWidth - left)}px`;
}
