"""Fetches pages."""

from web.status import FOUND, GONE, MOVED, OK, TEAPOT

FINAL = (OK, GONE)


def redirects(code: int) -> bool:
    return code in (MOVED, FOUND)


def silly(code: int) -> bool:
    return code == TEAPOT
