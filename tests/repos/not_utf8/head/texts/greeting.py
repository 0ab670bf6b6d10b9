def hello() -> str:
    return "grüß dich"
