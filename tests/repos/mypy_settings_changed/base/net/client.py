def size(body: bytes) -> int:
    return len(body)  # type: ignore[arg-type]


def text(body: bytes) -> str:
    return body.decode()  # type: ignore
