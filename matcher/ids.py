"""Ids as people type them: which one was meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from unicodedata import normalize

from matcher.folding import folded

ALMOST = 0.75
"""How alike an id must be to be named in a remedy: a letter more or less of four; another digit is somebody else."""
_COMPARED = 200


def hint(wrong: str, ids: Iterable[str]) -> str:
    """Ask whether the one id that is like it was meant; empty where none is, or several are.

    >>> hint("R2", ["r02", "r31"]), hint("R2", ["r02", "r2"]), hint("s99", ["s09", "s31"])
    ("Did you mean 'r02'? ", '', '')
    """
    by_key: dict[str, list[str]] = {}
    for one in ids:
        by_key.setdefault(key_of(one), []).append(one)
    key = key_of(wrong)
    of_same_number = [one for one in by_key if _digits(one) == _digits(key)]
    close = get_close_matches(key[:_COMPARED], of_same_number, n=2, cutoff=ALMOST)
    alike = by_key.get(key) or [one for found in close for one in by_key[found]]
    return f"Did you mean {alike[0]!r}? " if len(alike) == 1 else ""


def _digits(key: str) -> str:
    return re.sub(r"[^0-9]", "", key)


def composed(text: str) -> str:
    r"""Write letters with accents in one form: systems have two, and what looks the same must be the same.

    >>> composed("Zoe\u0301") == "Zo\u00e9"
    True
    """
    return normalize("NFC", text)


def key_of(one: str) -> str:
    """Leave out capitals, accents, signs, blanks and zeros that open a number.

    >>> key_of("S-031"), key_of("s31"), key_of("O’Neil")
    ('s31', 's31', 'oneil')
    """
    return re.sub(r"[\W_]+|(?<![0-9])0+(?=[0-9])", "", folded(one))
