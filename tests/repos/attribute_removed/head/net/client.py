class Client:
    """Speaks to one server."""

    retries = 3

    def send(self, body: bytes) -> int:
        return len(body)
