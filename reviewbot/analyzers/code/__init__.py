"""The code that a tool is asked about: which files, under which names, what stands in them."""
