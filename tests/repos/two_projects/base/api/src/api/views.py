def page(number: int) -> str:
    return str(number)
