import os

COUNT: int = "1"
