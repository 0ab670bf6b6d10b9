// What is said of the run and of the selected step, and who reacts to what.
function pair(list, word, said, last) {
  list.append(make("dt", "", word === last ? "" : word), make("dd", "", said));
}

function drawHead() {
  const failed = run.steps.filter((step) => ["failed", "timed out", "cancelled"].includes(step.status)).length;
  byId("title").textContent = run.run ? `Run ${run.run}` : "Run";
  const tops = run.steps.filter((step) => step.top).length;
  const said = [run.began.replace("T", " "), `${tops} nodes`, failed ? `${failed} without a value` : "", run.ended && `ended early: ${run.ended}`, run.state];
  byId("subtitle").textContent = said.filter(Boolean).join(" · ");
  const numbers = {
    "wall clock": seconds(run.seconds),
    "critical path": seconds(run.critical_seconds),
    "work": seconds(run.work),
    "speed-up": `${(run.seconds ? run.work / run.seconds : 1).toFixed(2)} of ${run.speed_up.toFixed(2)} ×`,
    "depth × width": `${run.depth} × ${run.width}`,
    "bottleneck": run.bottleneck || "none",
  };
  for (const [name, amount] of Object.entries(run.spent)) numbers[name] = amount.toLocaleString("en", { maximumFractionDigits: 6 });
  for (const [name, said] of Object.entries(numbers)) {
    const box = make("div");
    box.append(make("dt", "", name), make("dd", "", said));
    byId("numbers").append(box);
  }
}

function drawLegend() {
  const found = new Set(run.steps.map((step) => step.status));
  for (const status of found) byId("legend").append(make("span", css(status), status));
  byId("legend").append(make("span", "chip critical", "critical path"));
  for (const warning of run.warnings) byId("legend").append(make("p", "", `warning: ${warning}`));
  for (const [key, said] of Object.entries({ ...run.breakers, ...run.manifest })) byId("legend").append(make("p", "", `${key}: ${said}`));
}

function links(step) {
  const host = make("div", "links");
  const near = [...step.needs.map(([path]) => path), ...run.steps.filter((other) => other.needs.some(([path]) => path === step.path)).map((other) => other.path)];
  for (const path of near.filter((each) => byPath.has(each))) {
    const button = make("button", "", path);
    button.type = "button";
    button.addEventListener("click", () => select(path));
    host.append(button);
  }
  return host;
}

function drawDetail() {
  const chosen = byPath.get(state.selected);
  const host = byId("detail");
  if (!chosen) return host.replaceChildren(make("h2", "", "Click a node"), make("p", "", "Why it ran, what it was given, its attempts and its slack."));
  const list = make("dl");
  let last = "";
  for (const [word, said] of chosen.facts) {
    pair(list, word, said, last);
    last = word;
  }
  const chips = [make("span", `chip ${css(chosen.status)}`, chosen.status)];
  if (chosen.critical) chips.push(make("span", "chip critical", "critical path"));
  return host.replaceChildren(make("h2", "", chosen.path), ...chips, list, links(chosen));
}

function choose(event) {
  const place = event.target.closest("[data-path]");
  if (place) select(place.dataset.path);
}

function neighbour(by) {
  const paths = [...byId("rows").querySelectorAll(".row[data-path]")].map((row) => row.dataset.path);
  const index = paths.indexOf(state.selected) + by;
  if (paths.length) select(paths[Math.min(paths.length - 1, Math.max(0, index))]);
}

function showRows(kind) {
  state.rows = kind;
  byId("by-wave").setAttribute("aria-pressed", kind === "wave");
  byId("by-lane").setAttribute("aria-pressed", kind === "lane");
  drawRows();
}

listeners.push(
  (what) => markRows(what),
  () => markGraph(),
  (what) => (what === "selected" ? drawDetail() : markReplay()),
);
byId("rows").addEventListener("click", choose);
byId("graph").addEventListener("click", choose);
byId("graph").addEventListener("keydown", (event) => event.key === "Enter" && choose(event));
byId("rows").addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    neighbour(by);
  }
});
byId("play").addEventListener("click", toggle);
byId("time").addEventListener("input", (event) => moveTo((event.target.value / 1000) * run.seconds));
byId("by-wave").addEventListener("click", () => showRows("wave"));
byId("by-lane").addEventListener("click", () => showRows("lane"));
addEventListener("resize", () => markRows("at"));
drawHead();
drawLegend();
drawGraph();
drawRows();

// A link into the page: #node=types&at=3.5&rows=lane&play
const asked = new URLSearchParams(location.hash.slice(1));
if (asked.get("rows") === "lane") showRows("lane");
select(byPath.has(asked.get("node")) ? asked.get("node") : run.bottleneck || run.steps[0]?.path);
moveTo(asked.has("at") ? Number(asked.get("at")) || 0 : run.seconds);
if (asked.has("play")) toggle();
