BUCKET = "reports"
REGION = "eu-central-1"


def target(name: str) -> str:
    return f"{BUCKET}/{name}"
