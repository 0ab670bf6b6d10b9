"""What a tool answers: asked in few runs, read strictly, kept, compared, and put in words."""
