import subprocess


def total(prices: list[float]) -> str:
    subprocess.call(f"echo {prices}", shell=True)
    unused = 1
    return sum(prices)
