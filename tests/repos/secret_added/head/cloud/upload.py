BUCKET = "reports"
REGION = "eu-central-1"
ACCESS_KEY_ID = "AKIA4HD7XQ2MZB6TWN5P"


def target(name: str) -> str:
    return f"{BUCKET}/{name}"
