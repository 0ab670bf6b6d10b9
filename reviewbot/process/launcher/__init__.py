"""A program of its own that starts programs with less power and leaves nothing of them alive.

Standard library only, nothing imported that takes time to import. It stays as long as whoever
started it and holds nothing: each message on its control socket carries descriptors, and for each
message it forks a supervisor and forgets them. The one byte of a message says how many of the
programs it was told to import must be there before that.

The descriptors are a line, the three standard streams of a program, and at most one claim: what
keeps its user id from everybody else. The supervisor holds the claim to its end, the program does
not get it. The line is a socket to whoever wants the program. First it carries a handle of the
supervisor (pidfd_open(2)) to them, then the order (``order.py``) to the supervisor. After that it
says ``i`` for an interrupt; its end, also by the death of the other side, means kill. The
supervisor says one line at the end: ``denied STAGE ERRNO`` when the program could not be started,
else ``ended RETURNCODE CPU_SECONDS PROCESSES_LEFT``.
"""
