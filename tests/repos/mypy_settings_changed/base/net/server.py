def port(raw: str) -> int:
    return raw  # type: ignore[return-value]


def host(raw: str) -> str:
    return raw  # type: ignore[return-value]
