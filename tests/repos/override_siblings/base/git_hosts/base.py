class Host:
    """Where a review is published."""

    def publish(self, text: str) -> None:
        raise NotImplementedError

    def name(self) -> str:
        return type(self).__name__
