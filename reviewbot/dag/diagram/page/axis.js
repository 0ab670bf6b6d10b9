// The axis: round steps, at most ten of them.
function tickStep(whole) {
  const rough = whole / 8 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) || 10 * power;
}

function tickText(value, step) {
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return step < 0.01 ? `${(value * 1000).toFixed(Math.max(0, digits - 3))} ms` : `${value.toFixed(digits)} s`;
}

function axis() {
  const element = make("div", "axis");
  const step = tickStep(run.seconds);
  for (let index = 0; index * step <= run.seconds * 1.0001; index += 1) {
    const tick = make("span", "", tickText(index * step, step));
    const line = make("i");
    tick.style.left = line.style.left = percent(index * step);
    element.append(tick, line);
  }
  return element;
}
