"""Fork a supervisor for each message, until nobody is left to send one."""

# The module socket costs more than all the rest of this program: it imports enum.
import _socket
import os
import select
import sys

from .memory import Memory
from .powers import outlive_nobody
from .supervisor import supervise

_MOST_DESCRIPTORS = 5
_STANDARD = 3
_INT = 4


def serve(number: int, words: list[str]) -> None:
    """Serve the control socket of a number until its other side is gone. Never returns.

    Args:
        number: of the descriptor.
        words: the programs to import while nobody asks for anything; see ``Preloaded.words``.
    """
    outlive_nobody()
    control, memory = _socket.socket(fileno=number), Memory(words)
    while descriptors := _received(control, memory):
        line, *others = descriptors
        supervisor = os.fork()
        if supervisor == 0:
            try:
                control.close()
                supervise(line, others[:_STANDARD], memory)
            finally:
                os._exit(0)
        _hand_over(line, os.pidfd_open(supervisor))
        for descriptor in descriptors:
            os.close(descriptor)
        _reap()
    _reap()
    os._exit(0)


def _received(control: _socket.socket, memory: Memory) -> list[int]:
    """The descriptors of the next message, closed on exec; none at the end of the socket."""
    while memory.is_waiting and not select.select((control,), (), (), 0)[0]:
        memory.fetch()
    space = _socket.CMSG_SPACE(_MOST_DESCRIPTORS * _INT)
    needed, attached, _, _ = control.recvmsg(1, space, _socket.MSG_CMSG_CLOEXEC)
    memory.fetch_all(int.from_bytes(needed))
    return [descriptor for *_, data in attached for descriptor in memoryview(data).cast("i")]


def _hand_over(line: int, handle: int) -> None:
    """Send the handle of a supervisor to whoever asked for it, if they still want it."""
    data = handle.to_bytes(_INT, sys.byteorder)
    sender = _socket.socket(fileno=os.dup(line))
    try:
        sender.sendmsg([b"s"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, data)])
    except OSError:
        pass
    finally:
        sender.close()
        os.close(handle)


def _reap() -> None:
    """Collect the supervisors that ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
