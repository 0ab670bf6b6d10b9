// The graph: one column per wave, coloured by how each node stood at the moment of the replay.
const BOX = { width: 150, height: 34, gap: 16, between: 64, top: 24 };
const MOST = 400;

function clipped(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

// Each node at the mean height of what it needs, which leaves few edges that cross
// (Sugiyama, Tagawa, Toda 1981, "barycenter").
function ordered(columns) {
  const height = new Map();
  for (const wave of [...columns.keys()].sort((a, b) => a - b)) {
    const column = columns.get(wave);
    const wanted = new Map(
      column.map((step, index) => {
        const known = step.needs.map(([need]) => height.get(need)).filter((each) => each !== undefined);
        const own = column.length > 1 ? index / (column.length - 1) : 0.5;
        return [step, known.length ? known.reduce((sum, each) => sum + each, 0) / known.length : own];
      }),
    );
    column.sort((one, other) => wanted.get(one) - wanted.get(other));
    column.forEach((step, index) => height.set(step.path, column.length > 1 ? index / (column.length - 1) : 0.5));
  }
}

function positions(tops) {
  const columns = new Map();
  for (const step of tops) columns.set(step.wave, [...(columns.get(step.wave) || []), step]);
  ordered(columns);
  const tallest = Math.max(...[...columns.values()].map((column) => column.length));
  const height = tallest * (BOX.height + BOX.gap) - BOX.gap;
  const places = new Map();
  for (const [wave, column] of columns) {
    const own = column.length * (BOX.height + BOX.gap) - BOX.gap;
    column.forEach((step, index) => {
      const x = 4 + (wave - 1) * (BOX.width + BOX.between);
      places.set(step.path, { x, y: BOX.top + (height - own) / 2 + index * (BOX.height + BOX.gap) });
    });
  }
  return { places, width: 8 + columns.size * (BOX.width + BOX.between) - BOX.between, height: height + BOX.top + 6 };
}

function edgePath(from, to) {
  const [x, y] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [u, v] = [to.x, to.y + BOX.height / 2];
  const bend = Math.max(28, (u - x) / 2);
  return `M${x},${y} C${x + bend},${y} ${u - bend},${v} ${u},${v}`;
}

function nodeBox(step, place) {
  const group = svg("g", { transform: `translate(${place.x},${place.y})`, tabindex: 0, role: "button" });
  const title = svg("title", {});
  title.textContent = `${step.path}: ${step.status}`;
  const label = svg("text", { x: 28, y: BOX.height / 2 + 4.5 });
  label.textContent = clipped(step.path, 15);
  const sizes = { width: BOX.width, height: BOX.height, rx: 9, class: "box" };
  if (step.kind === "map") group.append(svg("rect", { ...sizes, x: 5, y: 5 }));
  group.append(title, svg("rect", sizes), svg("circle", { cx: 16, cy: BOX.height / 2, r: 4.5, class: "dot" }), label);
  if (step.kind === "subgraph") group.append(svg("rect", { ...sizes, x: 3.5, y: 3.5, width: BOX.width - 7, height: BOX.height - 7, rx: 6, "fill-opacity": 0 }));
  group.dataset.path = step.path;
  return group;
}

function drawGraph() {
  const tops = run.steps.filter((step) => step.top);
  if (!tops.length || tops.length > MOST) {
    byId("graph").textContent = `${tops.length} nodes: too many for a picture; the timeline has them all.`;
    return;
  }
  const { places, width, height } = positions(tops);
  const drawing = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  const onPath = new Set(run.critical.map((name, index) => `${run.critical[index - 1]}>${name}`));
  for (const step of tops) {
    for (const [need, kind] of step.needs) {
      if (!places.has(need)) continue;
      const critical = onPath.has(`${need}>${step.path}`) ? " critical" : "";
      const edge = svg("path", { d: edgePath(places.get(need), places.get(step.path)), class: `edge ${kind}${critical}` });
      edge.dataset.ends = JSON.stringify([need, step.path]);
      drawing.append(edge);
    }
  }
  const waves = new Set(tops.map((step) => step.wave));
  for (const wave of waves) {
    const label = svg("text", { x: 4 + (wave - 1) * (BOX.width + BOX.between), y: 12, class: "wave" });
    label.textContent = `wave ${wave}`;
    drawing.append(label);
  }
  for (const step of tops) drawing.append(nodeBox(step, places.get(step.path)));
  byId("graph").replaceChildren(drawing);
  markGraph();
}

function markGraph() {
  for (const group of byId("graph").querySelectorAll("g[data-path]")) {
    const step = byPath.get(group.dataset.path);
    const marks = ["node", css(standing(step, state.at))];
    if (step.conditional) marks.push("conditional");
    if (step.path === state.selected) marks.push("selected");
    group.setAttribute("class", marks.join(" "));
  }
  for (const edge of byId("graph").querySelectorAll("path[data-ends]")) {
    edge.classList.toggle("near", JSON.parse(edge.dataset.ends).includes(state.selected));
  }
}
