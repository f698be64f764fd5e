"""Texts made comparable: as people type them, as places are compared, and as ids are meant.

Case, accents, curly quotes, dashes and odd spaces do not count. What may be the same but for a slip is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
LIKELY = 0.83
"""How alike two words must be to be one word mistyped: five letters of six. At four of five, house is horse."""
NEGATIONS = frozenset(["no", "not", "non", "cant", "dont", "wont", "didnt", "isnt", "arent", "ne", "pas", "sans"])
"""Words that turn a text into its opposite, so that none of them is another word mistyped."""
_COMPARED = 200
LONGEST_QUOTED = 60
MOST_QUOTED = 10


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


_SAYS_NOTHING = frozenset(
    same_text(text)
    for text in (
        *(
            "nan",
            "null",
            "nul",
            "nil",
            "undefined",
            "missing",
            "empty",
            "blank",
            "n/a",
            "s/o",
            "nsp",
            "test",
            "ok",
            "skip",
        ),
        *("yes", "no", "all", "any", "other", "several", "various", "anywhere", "everywhere", "nowhere", "elsewhere"),
        *("not applicable", "unavailable", "hidden", "secret", "anonymous", "homeless", "ditto", "idem", "TBD", "TBA"),
        *("TBC", "idk", "town", "city", "village", "here", "home", "online", "oui", "non", "aucun", "aucune", "rien"),
        *("néant", "vide", "tous", "toutes", "autre", "divers", "ailleurs", "partout", "nulle part", "indisponible"),
        *("caché", "cachée", "anonyme", "personne", "ville", "ici", "en ligne", "SDF", "sais pas", "plus tard"),
    )
)
_KEEPS_BACK = re.compile(
    "|".join(
        [
            r"^[#=]|^err:?\d",  # what is left of a broken formula
            r"\bnot\b|n't\b|\b(?:do|wo|ca|did)nt\b",  # I do not know, can't say
            r"\bno (?:answer|reply|comment|idea|data|town|fixed|permanent|address)\b",
            r"\bn(?:e\b|').*\bpas\b",  # ne souhaite pas répondre
            r"\bnon[ -](?:\w{5,}e|connue?|repondu|fournie?|dite?)\b",  # non précisé
            r"\b(?:sans|pas de|aucune) (?:reponse|objet|domicile|adresse|abri|ville|idee)\b",
            r"\b(?:prefer|declin|refus|confiden[tc])\w*|\b(?:undisclosed|unspecified|withheld)\b",
            r"(?<![-\w])(?:rather|private|privee?|unknown|inconnue?)\b",
            r"\bto be \w|\ba (?:determiner|confirmer|preciser|definir|venir)\b",
            r"^(?:l[ae] |the )?(?:same|meme|pareil(?:le)?|none|nothing)\b",
            r"^(?:see|as|voir|comme)\b.*(?:above|dessus|haut)",
            r"^(?:my|your|her|this|an?other|ma|votre|cette|l[ae]|une autre) (?:home ?)?(?:town|city|village|ville)$",
        ]
    )
)
"""Turns of phrase, in English and French, by which somebody keeps an answer back; for folded texts."""
_FILLED = re.compile(r"(.)\1*|\d{1,2}")
"""A sign, one sign again and again, or a number of two digits: x, ???, -99."""


@lru_cache(maxsize=65536)
def says_nothing(text: str) -> bool:
    """Say whether this is what people and programs write where they leave a blank: it is not known, not another town.

    In doubt it says nothing: what is not known fails a gate that protects, and a town called None or Same is told.

    >>> says_nothing("#REF!"), says_nothing("I’d rather not say"), says_nothing("xx"), says_nothing("The Pas")
    (True, True, True, False)
    """
    plain = same_text(text)
    if not plain or plain in _SAYS_NOTHING or (plain.isascii() and _FILLED.fullmatch(plain)):
        return True
    return bool(_KEEPS_BACK.search(folded(text[:_COMPARED]).strip(" .,;:!?()'")))


def comparable(answer: Any) -> Any:
    """Return a text or number as it is compared, None if unknown.

    >>> comparable("N/A"), comparable("Sainte-Anne")
    (None, 'sainteanne')
    """
    if not isinstance(answer, str):
        return answer
    return None if says_nothing(answer) else same_text(answer)


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


def nearest(wrong: str, known: Iterable[str] | Mapping[str, object]) -> str | None:
    """Return the known text that was meant but for capitals, signs or one slip; None where none or several may be.

    Of a mapping, texts with the same value are one. Only words that are near count, word by word: what has a word more,
    another beginning or another number may be the opposite, and who follows such a hint makes wrong data.

    >>> nearest("alcool", ["alcohol", "grief"]), nearest("in_person", ["not_in_person"]), nearest("stages", ["stage"])
    ('alcohol', None, 'stage')
    """
    if not (words := _words(wrong)) or len(wrong) > _COMPARED:
        return None
    meanings = known if isinstance(known, Mapping) else {one: one for one in known}
    squeezed = "".join(words)
    near = [one for one in meanings if "".join(_words(one)) == squeezed]
    near = near or [one for one in meanings if _differs_by_a_slip(words, _words(one))]
    return near[0] if len({meanings[one] for one in near}) == 1 else None


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", folded(text)))


def _differs_by_a_slip(words: Sequence[str], others: Sequence[str]) -> bool:
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    return len(words) == len(others) and len(differing) == 1 and _is_slip(*differing[0])


def _is_slip(one: str, other: str) -> bool:
    """Say whether two words are so like that one is the other mistyped: the beginning and all digits are the same."""
    if one[:1] != other[:1] or _digits(one) != _digits(other) or NEGATIONS & {one, other} or not one_slip(one, other):
        return False
    is_longer = len(one) != len(other)
    kept = min(len(one), len(other)) - (not is_longer)
    is_another_ending = not is_longer and one[:-1] == other[:-1]
    return 2 * kept / (len(one) + len(other)) >= LIKELY and not is_another_ending


def alike(wrong: str, ids: Iterable[str]) -> list[str]:
    """List the ids that are like one that nobody has: the same but for capitals, signs and zeros, else one slip away.

    >>> alike("R2", ["r02", "r31"]), alike("R2", ["r02", "r2"]), alike("s99", ["s09", "s31"])
    (['r02'], ['r02', 'r2'], [])
    """
    by_key: dict[str, list[str]] = {}
    for one in ids:
        by_key.setdefault(key_of(one), []).append(one)
    key = key_of(wrong[:_COMPARED])
    near = [found for found in by_key if _is_slip(key, found)]
    return by_key.get(key) or [one for found in near for one in by_key[found]]


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
