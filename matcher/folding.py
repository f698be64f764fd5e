"""Texts as people type them, made comparable: case, accents, curly quotes, dashes and odd spaces do not count."""

import unicodedata
from functools import lru_cache

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ′`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **{"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"},
    }
)


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    r"""Return what is left of a text for comparing.

    >>> folded("  L’École\xa0 –  fermée ")
    "l'ecole - fermee"
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    apart = unicodedata.normalize("NFKD", text.translate(_ALIKE).casefold())
    kept = (letter for letter in apart if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join("".join(kept).split())


def heading_key(text: str) -> str:
    """Return what is left of a heading for comparing: `Time_zone *` is `time zone`."""
    return " ".join(folded(text).replace("_", " ").split()).strip(" *:?.!")
