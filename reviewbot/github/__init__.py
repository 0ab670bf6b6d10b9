"""The pull request: what happened on it, what stands on it, what we write there."""
