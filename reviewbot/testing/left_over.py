"""What a run leaves behind: tasks, threads at work, child processes."""

import sys
import threading
from pathlib import Path

import anyio

_THREADS = Path("/proc/self/task")
_PATIENCE = 0.3
_POOLS = ("anyio", "trio")


def present() -> frozenset[str]:
    """Who is there now: tasks of the event loop, threads at work, our child processes.

    To be asked inside an event loop. Child processes are known on Linux only.
    """
    tasks = {f"task {each.name} ({each.id})" for each in anyio.get_running_tasks()}
    threads = {
        f"thread {each.name} ({each.ident})" for each in threading.enumerate() if not _is_idle(each)
    }
    return frozenset({*tasks, *threads, *(f"process {child}" for child in children())})


async def left_over(before: frozenset[str]) -> tuple[str, ...]:
    """Who is there and was not before, a moment later: a thread may just be ending."""
    with anyio.move_on_after(_PATIENCE):
        while present() - before:  # noqa: ASYNC110 - nobody tells when a thread has ended
            await anyio.sleep(0.002)
    return tuple(sorted(present() - before))


def children() -> frozenset[int]:
    """The ids of our direct children, also of those that ended and nobody waited for."""
    found: set[int] = set()
    for thread in _THREADS.iterdir() if _THREADS.exists() else ():
        try:
            found.update(map(int, (thread / "children").read_text().split()))
        except OSError:  # the thread ended meanwhile
            continue
    return frozenset(found)


def _is_idle(thread: threading.Thread) -> bool:
    """Whether it is a thread of a pool that waits for work; pools keep theirs for the next call."""
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - documented all the same
    if frame is None:
        return True
    pooled = type(thread).__module__.startswith(_POOLS) or thread.name.startswith("Trio thread")
    waiting = frame.f_code.co_filename.endswith(("threading.py", "queue.py", "_thread_cache.py"))
    return pooled and waiting and frame.f_code.co_name != "_handle_job"
