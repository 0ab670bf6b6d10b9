def words(text: str) -> int:
    return text.split()
