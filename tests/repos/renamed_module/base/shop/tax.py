def rate() -> float:
    return 0.19
