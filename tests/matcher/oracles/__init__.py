"""The slow, separate readings that the engine is held against."""
