"""A run on disk: written while it goes on, resumed, read from outside, compared with another."""
