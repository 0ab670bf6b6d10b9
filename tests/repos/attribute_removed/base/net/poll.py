from net.client import Client


def patience(client: Client) -> float:
    return float(client.timeout * client.retries)


def stop(client: Client) -> None:
    client.close()
