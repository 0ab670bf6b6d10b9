class Database:
    def orders(self) -> list[str]:
        return []
