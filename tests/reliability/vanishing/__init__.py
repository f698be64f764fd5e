"""Whoever vanishes: what a person near her notices, and by when."""
