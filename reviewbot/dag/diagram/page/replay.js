// The replay: the run played in time, never longer than twenty seconds.
const replay = { timer: 0, before: 0 };

function speed() {
  return Math.max(1, run.seconds / 20) * (run.seconds < 2 ? Math.max(run.seconds / 4, 0.0005) : 1);
}

function advance() {
  const now = performance.now();
  moveTo(state.at + ((now - replay.before) / 1000) * speed());
  replay.before = now;
  if (state.at >= run.seconds) pause();
}

function pause() {
  clearInterval(replay.timer);
  replay.timer = 0;
  markReplay();
}

function toggle() {
  if (replay.timer) return pause();
  if (state.at >= run.seconds) moveTo(0);
  replay.before = performance.now();
  replay.timer = setInterval(advance, 20);
  return markReplay();
}

function markReplay() {
  byId("play").textContent = replay.timer ? "❚❚" : "▶";
  byId("time").value = run.seconds ? Math.round((1000 * state.at) / run.seconds) : 1000;
  byId("clock").textContent = `${seconds(state.at)} of ${seconds(run.seconds)}`;
}
