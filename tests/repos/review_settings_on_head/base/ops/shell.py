def run(command: str) -> int:
    return len(command)
