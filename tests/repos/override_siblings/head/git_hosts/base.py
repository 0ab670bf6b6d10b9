class Host:
    """Where a review is published."""

    def publish(self, text: str, *, draft: bool) -> None:
        raise NotImplementedError

    def name(self) -> str:
        return type(self).__name__
