"""A hostile program: tries one attack, named by its first argument, and reports on stdout.

Standard library only; started by path under any interpreter, so it needs nothing of ours.
"""

import ctypes
import encodings.idna  # noqa: F401 -- else a socket's address would be what imports it
import gc
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path


def say(*words: object) -> None:
    """Print at once, whatever happens next."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def fork_bomb() -> None:
    """Fork in every process, forever, and say when the kernel refuses."""
    while True:
        try:
            os.fork()
        except OSError:
            say("refused")
            time.sleep(0.05)


def few_forks() -> None:
    """Start 300 children that stay and print how many came to life; leave them, or stay too."""
    started = 0
    for _ in range(300):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        except OSError:
            break
        started += 1
    say(started)
    if sys.argv[2] == "stay":
        time.sleep(60)


def daemon() -> None:
    """Leave a double-forked daemon behind that closed everything, and end well."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for descriptor in range(3):
                os.close(descriptor)
            time.sleep(60)
        os._exit(0)
    time.sleep(0.05)


def loud_daemon() -> None:
    """Leave a daemon behind that keeps our standard output open, and end well."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    say("ended")


def stopped() -> None:
    """Stop oneself: no signal but KILL and CONT is delivered any more."""
    os.kill(os.getpid(), signal.SIGSTOP)


def deaf() -> None:
    """Ignore every signal that can be ignored."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(60)


def polite() -> None:
    """Write a result when interrupted, as pytest does."""
    try:
        say("waiting")
        time.sleep(60)
    except KeyboardInterrupt:
        Path(sys.argv[2], "result").write_text("written", encoding="utf-8")


def flood(descriptor: int) -> None:
    """Write as many MiB as the second argument says."""
    for _ in range(int(sys.argv[2])):
        os.write(descriptor, b"x" * (1 << 20))


def memory() -> None:
    """Take 1.5 GB."""
    try:
        say(len(bytearray(1500 << 20)))
    except MemoryError:
        say("refused")


def big_file() -> None:
    """Write 60 MB into one file."""
    with Path.home().joinpath("big").open("wb") as file:
        file.writelines(b"x" * (1 << 20) for _ in range(60))
    say("written")


def spy() -> None:
    """Print the environment and the memory of every process above that lets us look."""
    pid = os.getppid()
    while pid > 1:
        for part in ("environ", "mem"):
            try:
                with Path(f"/proc/{pid}/{part}").open("rb") as file:
                    say(pid, part, file.read(1 << 16) if part == "environ" else "open")
            except OSError as error:
                say(pid, part, f"refused: {error.strerror}")
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        pid = int(stat.rpartition(")")[2].split()[1])


def phone() -> None:
    """Try to leave: a socket of every family, other processes, new namespaces."""
    families = ("AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG")
    for family in families:
        attempt(family, partial(socket.socket, getattr(socket, family)))
    attempt("socketpair", socket.socketpair)
    port = int(sys.argv[2])
    attempt("connect", lambda: socket.create_connection(("127.0.0.1", port)).close())
    libc = ctypes.CDLL(None, use_errno=True)
    for call, arguments in (
        ("ptrace", (16, os.getppid(), 0, 0)),
        ("unshare", (0x10000000,)),
        ("unshare", (0x40000000,)),
        ("process_vm_readv", (os.getppid(), 0, 0, 0, 0, 0)),
    ):
        attempt(f"{call} {arguments[0]:#x}", partial(checked, getattr(libc, call), *arguments))
    thread = threading.Thread(target=say, args=("thread", "allowed"))
    thread.start()
    thread.join()


def checked(call: Callable[..., int], *arguments: int) -> None:
    """Call libc, and raise what it only returns."""
    if call(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def attempt(name: str, act: Callable[[], object]) -> None:
    """Say whether `act` was allowed."""
    try:
        act()
    except OSError as error:
        say(name, f"refused: {error.strerror}")
    else:
        say(name, "allowed")


def burn() -> None:
    """Use a tenth of a second of CPU in a child, and wait for it."""
    child = os.fork()
    until = 0.1 if child == 0 else 0.0
    while resource.getrusage(resource.RUSAGE_SELF).ru_utime < until:
        pass
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def burrow() -> None:
    """Fill the home with a tree too deep for a path, closed directories and links outside."""
    os.chdir(Path.home())
    for _ in range(1010):
        Path("link").symlink_to(sys.argv[2])
        Path("deep").mkdir()
        os.chdir("deep")
    Path.home().joinpath("closed").mkdir(mode=0)


def swap() -> None:
    """Put a link to somebody else's directory where the home was, and where that lay."""
    for home in (Path.home(), Path.home().parent):
        try:
            home.rename(home.with_name("gone"))
            home.symlink_to(sys.argv[2])
        except OSError as error:
            say(f"refused: {error.strerror}")


def squat() -> None:
    """Leave a file, a link to somebody else's file and a set-user-id program in a directory."""
    directory = Path(sys.argv[2])
    directory.joinpath("mine").write_text("mine", encoding="utf-8")
    directory.joinpath("mine").chmod(0o4755)
    directory.joinpath("link").symlink_to(sys.argv[3])


def assassin() -> None:
    """Kill the process that watches us."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def itself() -> None:
    """Print what the kernel and the interpreter say about this process, as JSON."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    limits = {name: getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}
    shown = {name: Path(f"/proc/self/{name}").read_bytes() for name in ("environ", "cmdline")}
    facts = {
        "status": {name: value.split() for name, value in status.items() if name in STATUS},
        "limits": {name: resource.getrlimit(number) for name, number in limits.items()},
        "descriptors": sorted(os.listdir("/proc/self/fd")),  # noqa: PTH208 -- it counts itself too
        "environment": dict(os.environ),  # noqa: TID251 -- what it sees is the question
        "shown": sorted(filter(None, shown["environ"].decode().split("\0"))),
        "owner": Path("/proc/self/environ").stat().st_uid,
        "named": shown["cmdline"].decode().rstrip("\0").split("\0")[-1],
        "arguments": sys.argv,
        "cwd": os.getcwd(),  # noqa: PTH109 -- as the kernel says it
        "umask": os.umask(0o22),
        "cpus": sorted(os.sched_getaffinity(0)),
        "leads": (os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()),
        "streams": [(each.encoding, each.errors) for each in (sys.stdin, sys.stdout, sys.stderr)],
        "signals": {each.name: str(signal.getsignal(each)) for each in signal.Signals},
        "collects": gc.isenabled(),
        "hash": hash("what PYTHONHASHSEED says"),
    }
    say(json.dumps(facts))


STATUS = (
    *("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs"),
    *("Seccomp", "Seccomp_filters", "SigBlk", "SigIgn", "SigCgt", "Threads", "Umask"),
)

ATTACKS: dict[str, Callable[[], None]] = {
    "fork_bomb": fork_bomb,
    "few_forks": few_forks,
    "daemon": daemon,
    "loud_daemon": loud_daemon,
    "stopped": stopped,
    "deaf": deaf,
    "polite": polite,
    "flood_stdout": lambda: flood(1),
    "flood_stderr": lambda: flood(2),
    "memory": memory,
    "big_file": big_file,
    "spy": spy,
    "phone": phone,
    "burn": burn,
    "burrow": burrow,
    "swap": swap,
    "squat": squat,
    "assassin": assassin,
    "itself": itself,
    "exit": lambda: sys.exit({"none": None, "seven": 7, "words": "no good"}[sys.argv[2]]),
    "raise": lambda: attempt("nothing", [].pop),
    "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
}


def main() -> None:
    """Do what the first argument says."""
    ATTACKS[sys.argv[1]]()


if __name__ == "__main__":
    main()
