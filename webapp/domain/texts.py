"""What people type, made neat: no signs that cannot be seen, so that a name is what it looks like."""

import re
import unicodedata

DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the direction of a text; joiners stay, because emoji and some scripts need them."""


def neat(text: str | None) -> str:
    r"""Return a text with plain line breaks and without control signs, its ends trimmed.

    >>> neat(" Vera\u202e\x07,\r\nhello ")
    'Vera,\nhello'
    """
    lines = re.sub(r"\r\n?", "\n", text or "")
    return "".join(sign for sign in lines if sign in "\n\t" or _is_seen(sign)).strip()


def neat_line(text: str | None) -> str:
    """Return a text as one neat line."""
    return " ".join(neat(text).split())


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in DIRECTIONS
