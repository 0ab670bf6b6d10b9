"""A forge in memory: one pull request, GitHub's rules about writing on it, and hostile weather."""
