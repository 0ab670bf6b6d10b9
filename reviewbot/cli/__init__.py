"""The front door and the only wiring: arguments and environment in, exit code out."""
