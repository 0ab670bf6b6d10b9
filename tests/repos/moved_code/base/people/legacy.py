"""What the old screens ask for."""


def headline(title: str) -> str:
    return title.upper()
