"""The version of the engine, by itself: nothing inside imports the front door for it."""

__version__ = "1.0.0"
