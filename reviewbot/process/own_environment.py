"""The environment we were started with: read once, then gone from where others could read it."""

import ctypes
import os
from collections.abc import Mapping
from pathlib import Path

_KEPT = frozenset(
    {
        *("PATH", "HOME", "TMPDIR", "TERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TZ"),
        *("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "XDG_CACHE_HOME", "VIRTUAL_ENV", "CI"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    }
)
"""What our own process and its libraries need; everything else may be a secret."""
_FAMILIES = ("PYTHON", "COVERAGE_")
# proc_pid_stat(5): fields 50 and 51, counted after the name, which ends with the last ")"
_ENV_START, _ENV_END = 50 - 3, 51 - 3


def take_environment() -> Mapping[str, str]:
    """All variables; afterwards they are gone from our environment and ``/proc/<pid>/environ``.

    Deleting a variable does not remove it from the memory that the kernel shows as ``environ``,
    where a child of the same user, or of root, still reads it: that memory is overwritten. For
    ``main`` only, before any thread starts.
    """
    every = dict(os.environ)  # noqa: TID251 - the front door
    for name, value in every.items():
        if name in _KEPT or name.startswith(_FAMILIES):
            os.environ[name] = value  # noqa: TID251 - moves it out of the memory below
        else:
            del os.environ[name]  # noqa: TID251 - so that no library reads it either
    _overwrite()
    return every


def _overwrite() -> None:
    try:
        fields = Path("/proc/self/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return  # without /proc nobody reads it there
    start, end = int(fields[_ENV_START]), int(fields[_ENV_END])
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)
