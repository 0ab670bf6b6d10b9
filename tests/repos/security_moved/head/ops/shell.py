"""Shell access."""


def prompt() -> str:
    return "$ "
