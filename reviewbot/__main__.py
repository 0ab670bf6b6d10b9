"""``python -m reviewbot`` and the console script."""

import sys

from reviewbot.cli.front_door import enter


def main() -> None:
    """Run the command line and leave with its documented exit code."""
    sys.exit(enter(sys.argv[1:]))


if __name__ == "__main__":
    main()
