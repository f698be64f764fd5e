"""Texts made comparable: as people type them, as places are compared, and as ids are meant.

Case, accents, curly quotes, dashes and odd spaces do not count. What may be the same but for a slip is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain, product, starmap
from typing import Any

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ′`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **{"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"},
    }
)
ALMOST = 0.75
"""How alike an id must be to be named in a remedy: a letter more or less of four; another digit is somebody else."""
_COMPARED = 200


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


@lru_cache(maxsize=65536)
def same_text(text: str) -> str:
    """Reduce a text to what must be equal for two to count as the same: letters and digits, no case, no accents.

    >>> same_text("St. John's"), same_text("Saint-Jérôme")
    ('stjohns', 'saintjerome')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


SAYS_NOTHING = frozenset(
    [
        *("na", "nil", "none", "unknown", "notknown", "notapplicable", "prefernottosay", "rathernotsay"),
        *("aucun", "aucune", "inconnu", "inconnue", "sansobjet", "nonprecise", "jepreferenepasledire"),
    ]
)
"""What people write into a blank that they leave open, as it is compared: it is not known, and not another town."""


def comparable(answer: Any) -> Any:
    """Return a text or number as it is compared, None if unknown.

    >>> comparable("N/A"), comparable("Sainte-Anne")
    (None, 'sainteanne')
    """
    if not isinstance(answer, str):
        return answer
    text = same_text(answer)
    return None if text in SAYS_NOTHING else text or None


def is_same(one: Any, other: Any) -> bool:
    """Say whether two comparable answers count as the same where they must differ: part of the other is enough."""
    if isinstance(one, str) and isinstance(other, str):
        return one in other or other in one
    return bool(one == other)


SPELLED_OUT = {
    **{"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"},
    **{"n": "north", "s": "south", "e": "east", "w": "west"},
}


_ALTERNATIVES = re.compile(r"[/;|&+]| et | and | ou | or ")


SHORTEST = 4
"""Names with fewer letters are one slip from too many others."""


def almost_same(texts: Iterable[str], others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find pairs of texts that may name the same place: a name in both is equal but for one slip.

    >>> list(almost_same(["Windsor", "St. John"], ["Windosr, Ontario", "London, Ontario", "Saint John"]))
    [('Windsor', 'Windosr, Ontario'), ('St. John', 'Saint John')]
    """
    told = {other: _names(other) for other in others}
    by_key: dict[str, set[str]] = {}
    for other, names in told.items():
        for key in chain.from_iterable(map(_keys, names)):
            by_key.setdefault(key, set()).add(other)
    for text in texts:
        hers = _names(text)
        near = {other for name in hers for key in _keys(name) for other in by_key.get(key, ())}
        yield from ((text, other) for other in sorted(near) if any(starmap(one_slip, product(hers, told[other]))))


def one_slip(one: str, other: str) -> bool:
    """Say whether two texts are equal but for one letter more, less or other, or two that changed places.

    >>> one_slip("sudbury", "sudbry"), one_slip("ajax", "ajxa"), one_slip("barrie", "bar")
    (True, True, False)
    """
    short, long = sorted((one, other), key=len)
    at = next((place for place, (mine, hers) in enumerate(zip(short, long, strict=False)) if mine != hers), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])


def _keys(name: str) -> set[str]:
    """Return the name, and it without each of its letters: two names that are one slip apart share one of these."""
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _names(text: str) -> set[str]:
    """Return the names in a text as they are compared: without what follows a comma, or a province of two letters."""
    names = set()
    for one in _ALTERNATIVES.split(text.lower()):
        words = re.findall(r"[^\W_]+", re.split(r"[,(]", one)[0])
        if len(words) > 1 and len(words[-1]) == 2:
            words = words[:-1]
        names.add(same_text("".join(SPELLED_OUT.get(word, word) for word in words)))
    return {name for name in names if len(name) >= SHORTEST}


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
    return unicodedata.normalize("NFC", text)


def key_of(one: str) -> str:
    """Leave out capitals, accents, signs, blanks, zeros that open a number and the `.0` that may end it.

    >>> key_of("S-031"), key_of("s31.0"), key_of("O’Neil")
    ('s31', 's31', 'oneil')
    """
    return re.sub(r"(?<=[0-9])\.0+$|[\W_]+|(?<![0-9])0+(?=[0-9])", "", folded(one))
