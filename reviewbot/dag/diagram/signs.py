"""One sign and one colour per way to end, the same in every picture."""

from collections.abc import Mapping

from reviewbot.dag.run import Status

SIGNS: Mapping[str, str] = {
    Status.SUCCEEDED: "✓",
    Status.CACHED: "≡",
    Status.REROUTED: "↪",
    Status.FELL_BACK: "↩",
    Status.PARTIAL: "◐",
    Status.FAILED: "✗",
    Status.TIMED_OUT: "⏱",
    Status.SKIPPED: "·",
    Status.CANCELLED: "■",
}

COLOURS: Mapping[str, str] = {
    Status.SUCCEEDED: "#d4f4dd",
    Status.CACHED: "#d4f4dd",
    Status.REROUTED: "#fff3cd",
    Status.FELL_BACK: "#fff3cd",
    Status.PARTIAL: "#fff3cd",
    Status.FAILED: "#f8d7da",
    Status.TIMED_OUT: "#f8d7da",
    Status.SKIPPED: "#e2e3e5",
    Status.CANCELLED: "#e2e3e5",
}
