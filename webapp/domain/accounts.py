"""What a name to sign in with may look like, which names look alike, how a passphrase is read, how long links hold."""

import re
import unicodedata
from datetime import timedelta

SHORTEST_NAME, LONGEST_NAME = 3, 40
LINK_HOLDS = timedelta(days=3)
RESET_LINK_HOLDS = timedelta(hours=1)

_NAME = re.compile(r"[^\W_]([\w.-]*[^\W_])?")
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters of Hangul that are drawn as nothing."""
_ONE_ALPHABET = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
"""Alphabets that share shapes: a name keeps to one of them."""

_SHAPES = (
    ("абвгдеёзикмнопрстухьіїјѕһԁԛԝҽ", "abbrdee3ukmhonpctyxbiijshdqwe"),
    ("αβγεζηικμνορτυχωϲϳ", "abyeznikuvoptuxwcj"),
    ("աեհոսցօքգ", "whhnugofq"),
    ("ıɩɑɡɪʏøłđħŧðþƒɓɗɛɔ", "iiagiyoldhtdpfbdeo"),
)
_LOOKS_LIKE = {ord(shape): plain for shapes, plains in _SHAPES for shape, plain in zip(shapes, plains, strict=True)} | {
    ord("æ"): "ae",
    ord("œ"): "oe",
}
_TOGETHER = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ALONE = str.maketrans({"0": "o", "1": "i", "l": "i"})
"""Into `i` and not into `l`, so that no new `cl` arises and the skeleton of a skeleton is itself."""


def neat_name(said: str) -> str:
    """Write a name in the one way in which it is shown: capitals and kinds of letters make no difference."""
    return unicodedata.normalize("NFKC", said).strip().casefold()


def is_name(neat: str) -> bool:
    """Say whether a name has letters or digits of one alphabet, and dots, hyphens or underscores only between them."""
    fits = SHORTEST_NAME <= len(neat) <= LONGEST_NAME and _NAME.fullmatch(neat) is not None
    return fits and not _UNSEEN & set(neat) and len(_alphabets(neat)) <= 1


def _alphabets(neat: str) -> set[str]:
    named = {unicodedata.name(letter, "").split(" ")[0] for letter in neat if letter.isalpha()}
    return named & set(_ONE_ALPHABET)


def neat_passphrase(said: str) -> str:
    """Write a passphrase in the one way in which it is hashed, whatever keyboard its accents and blanks came from."""
    return unicodedata.normalize("NFKC", said).strip()


def skeleton(name: str) -> str:
    """Reduce a name to what a hurried eye sees of it: two names that look alike have one skeleton.

    >>> skeleton("Marnie-10") == skeleton("mamie.lO"), skeleton("мара") == skeleton("mapa")
    (True, True)
    """
    apart = unicodedata.normalize("NFKD", neat_name(name).translate(_LOOKS_LIKE))
    shapes = (_digit(letter) for letter in apart if letter.isalnum())
    seen = "".join(shapes).translate(_LOOKS_LIKE)
    for two, one in _TOGETHER:
        seen = seen.replace(two, one)
    return seen.translate(_ALONE)


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)
