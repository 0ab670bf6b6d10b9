from git_hosts.base import Host


class Bitbucket(Host):
    def publish(self, text: str) -> None:
        print("bitbucket", text)
