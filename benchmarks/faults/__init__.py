"""How many reviews survive when every call may fail."""
