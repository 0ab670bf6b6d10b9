// The replay: the run played in time, never longer than twenty seconds.
const replay = { frame: 0, before: 0 };

function speed() {
  return Math.max(1, run.seconds / 20) * (run.seconds < 2 ? Math.max(run.seconds / 4, 0.0005) : 1);
}

function step(now) {
  moveTo(state.at + ((now - replay.before) / 1000) * speed());
  replay.before = now;
  replay.frame = state.at < run.seconds ? requestAnimationFrame(step) : 0;
  markReplay();
}

function toggle() {
  if (replay.frame) {
    cancelAnimationFrame(replay.frame);
    replay.frame = 0;
  } else {
    if (state.at >= run.seconds) moveTo(0);
    replay.before = performance.now();
    replay.frame = requestAnimationFrame(step);
  }
  markReplay();
}

function markReplay() {
  byId("play").textContent = replay.frame ? "❚❚" : "▶";
  byId("time").value = run.seconds ? Math.round((1000 * state.at) / run.seconds) : 1000;
  byId("clock").textContent = `${seconds(state.at)} of ${seconds(run.seconds)}`;
}
