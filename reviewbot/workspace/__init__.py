"""The code under review on disk: which commits, what changed, both trees, the environment."""
