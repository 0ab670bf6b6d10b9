"""Remote access."""


def host() -> str:
    return "example.org"
