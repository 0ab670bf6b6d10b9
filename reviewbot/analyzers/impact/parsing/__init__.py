"""A program of its own that reads Python files; it imports nothing but the standard library."""
