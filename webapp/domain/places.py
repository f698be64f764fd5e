"""A supporter's places: she is never asked for more than she said she can hold."""


class NoPlaceLeft(Exception):
    """Raised when a supporter has no free place, usually because somebody else was quicker."""


def take_one(taken: int, capacity: int) -> int:
    """Return the places taken after one more. Raises NoPlaceLeft."""
    if taken >= capacity:
        raise NoPlaceLeft
    return taken + 1


def give_back(taken: int) -> int:
    """Return the places taken after one fewer."""
    return max(0, taken - 1)
