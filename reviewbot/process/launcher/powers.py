"""What a process can give up, and never get back."""

import ctypes
import os
import resource

from .memory import Memory
from .order import Order

# The module signal costs more than all the rest of this program: it imports enum.
_SIGKILL, _SIGPIPE, _SIGXFSZ = 9, 13, 25
# linux/prctl.h
_PARENT_DEATH_SIGNAL, _DUMPABLE, _DROP_CAPABILITY = 1, 4, 24
_CHILD_SUBREAPER, _NO_NEW_PRIVILEGES = 36, 38
_SECCOMP, _SECCOMP_FILTER = 22, 2
# linux/capability.h: CHOWN, DAC_OVERRIDE and FOWNER, so that files of another owner stay usable
_CAPABILITIES, _FILE_OWNERSHIP = 64, {0, 1, 3}
_CAPABILITY_VERSION = 0x20080522
_DENIED = 127

_libc = ctypes.CDLL(None, use_errno=True)


def outlive_nobody() -> None:
    """Die with whoever started us, and let nobody of our user id look into us or change us."""
    _prctl(_DUMPABLE, 0)
    _prctl(_PARENT_DEATH_SIGNAL, _SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every process below us whose own parent dies."""
    _prctl(_CHILD_SUBREAPER, 1)


def become(
    order: Order, standard: list[int], line: int, *, supervisor: int, memory: Memory
) -> None:
    """Give up powers in the one order that works, then be the program. Never returns.

    Args:
        order: the program.
        standard: descriptors of its standard streams; all others are closed on exec.
        line: where to say that it could not be started.
        supervisor: the process id of its parent.
        memory: the programs that need not be executed.
    """
    stage = "limits"
    tool = memory.find(order)
    try:
        for number, descriptor in enumerate(standard):
            os.dup2(descriptor, number)
        os.setsid()
        _limit_all(order)
        stage = "identity"
        if order.identity:
            take_identity(order.identity)
        else:
            _drop_capabilities()
        _prctl(_NO_NEW_PRIVILEGES, 1)
        _prctl(_PARENT_DEATH_SIGNAL, _SIGKILL)  # after the change of user, which clears it
        if os.getppid() != supervisor:
            os._exit(_DENIED)  # it died before it could take us with it
        stage = "cwd"
        os.chdir(order.cwd)
        stage = "filter"
        _filter(order.system_calls)
        stage = "program"
        if tool is None:
            for number in (_SIGPIPE, _SIGXFSZ):
                _libc.signal(number, None)  # the interpreter ignores them, and exec would keep that
            os.execve(order.argv[0], order.argv, order.environment)  # noqa: S606 -- what we are for
        _prctl(_DUMPABLE, 1)  # as after exec: a program may look into itself
    except (OSError, ValueError) as error:
        say(line, f"denied {stage} {getattr(error, 'errno', None) or 0}")
    else:
        memory.be(tool, order)
    finally:
        os._exit(_DENIED)


def say(line: int, words: str) -> None:
    """Say one line to whoever wants the program, if they still listen."""
    try:
        os.write(line, words.encode() + b"\n")
    except OSError:
        return


def take_identity(identity: int) -> None:
    """Become another user, for ever."""
    os.setgroups([])
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)


class _Capabilities(ctypes.Structure):
    """``struct __user_cap_header_struct`` and two ``__user_cap_data_struct``, one behind the other.

    The masks are effective, permitted and inheritable of the first 32, then of the others.
    """

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int), ("masks", ctypes.c_uint32 * 6))


def _drop_capabilities() -> None:
    """Lose most of root's powers for ever, for a program that must keep our user id.

    From the bounding set, which exec would give again, and from those that are held, which a
    program that is only forked would keep. Whoever has less capabilities than a process may not
    look into it, environment and memory (ptrace(2), access mode checks). Not root: there is nothing
    to lose and the first calls fail.
    """
    for capability in range(_CAPABILITIES):
        if capability not in _FILE_OWNERSHIP:
            _libc.prctl(_DROP_CAPABILITY, capability, 0, 0, 0)
    held = _Capabilities(_CAPABILITY_VERSION, 0)
    masks = ctypes.byref(held, _Capabilities.masks.offset)
    _checked(_libc.capget(ctypes.byref(held), masks), "capget")
    kept = held.masks[1] & sum(1 << each for each in _FILE_OWNERSHIP)
    held.masks[:] = [kept, kept, 0, 0, 0, 0]
    _checked(_libc.capset(ctypes.byref(held), masks), "capset")


class _FilterProgram(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _filter(instructions: bytes) -> None:
    """Let the kernel refuse system calls (seccomp(2)); eight bytes an instruction."""
    if instructions:
        program = _FilterProgram(len(instructions) // 8, instructions)
        _prctl(_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program))


def _limit_all(order: Order) -> None:
    cpu, memory, file_size, processes, open_files = order.limits
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, file_size)
    _limit(resource.RLIMIT_NOFILE, open_files)
    if order.identity:
        _limit(resource.RLIMIT_NPROC, processes)  # counts per user id: not under ours
    if order.pin:
        os.sched_setaffinity(0, order.pin)


def _limit(which: int, value: int) -> None:
    """Set both limits, never above the hard limit that is there."""
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _prctl(option: int, value: int, pointer: object = 0) -> None:
    _checked(_libc.prctl(option, value, pointer, 0, 0), "prctl")


def _checked(result: int, call: str) -> None:
    if result:
        raise OSError(ctypes.get_errno(), call)
