"""``python -m tests.fakes.github``: a GitHub to try things on, by hand and in a browser."""

import argparse
import sys
import time

from tests.fakes.github.demo import demo
from tests.fakes.github.hub import Hub
from tests.fakes.github.server import running

_OFTEN = 0.2


def main() -> None:
    """Serve until interrupted, and say what is asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.github", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one unless given")
    with running(port=parser.parse_args().port, host="localhost") as hub:
        opened, token = demo(hub), hub.actions_token()
        _say(f"clone URL     {opened.clone_url}")
        _say(f"pull request  {opened.url}")
        _say(f"API           {hub.api_url}")
        _say(f"token         {token}")
        _say("try")
        _say(f"  GITHUB_TOKEN={token} GITHUB_API_URL={hub.api_url} \\")
        _say(f"    reviewbot review {opened.url} --post")
        _say("then look at the pull request in a browser; Ctrl-C ends this")
        try:
            _watch(hub)
        except KeyboardInterrupt:
            _say("")


def _watch(hub: Hub) -> None:
    """Print every request when it was answered, and every violation."""
    seen = known = 0
    while True:
        for entry in hub.log.entries[seen:]:
            if entry.status is None and entry.fault is None:
                break  # it is still being answered
            named = entry.operation or entry.request.path
            _say(f"{entry.request.verb:6} {entry.status or 'cut'} {named}")
            seen += 1
        for violation in hub.violations[known:]:
            _say(f"       violation: {violation}")
            known += 1
        time.sleep(_OFTEN)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
