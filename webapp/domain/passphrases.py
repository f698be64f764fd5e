"""Which passphrases may be used: long enough, and not among the first that somebody would try.

How soon one would be tried is estimated by zxcvbn, with the words that are near to this person and place added to it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from zxcvbn import matching, scoring

from webapp.domain.accounts import neat_passphrase

SHORTEST, LONGEST = 12, 1000
WORDS_OFFERED = 4
TRIED_LATE = 10_000_000_000
"""A passphrase that somebody who knows the usual ones would find within so many tries is refused."""
_LOOKED_AT = 72
"""How much of a passphrase is estimated, because the work grows with the square of its length."""

_NEAR = (
    "pairwell", "passphrase", "password", "motdepasse", "mot de passe", "phrasesecrete", "azerty", "azertyuiop",
    "qsdfghjklm", "qsdfghjkl", "wxcvbn", "bonjour", "bonsoir", "jetaime", "monamour", "moncoeur", "maman", "papa",
    "cheri", "cherie", "doudou", "loulou", "soleil", "chouchou", "chocolat", "princesse", "coucou", "recovery",
    "retablissement", "supporter", "coordinator", "coordonnatrice", "canada", "quebec", "toronto", "montreal",
)  # fmt: skip
"""What is near to everyone here and unknown to a list made elsewhere: rows of a French keyboard, first French words."""


class Weakness(StrEnum):
    """Why a passphrase is refused."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    REPEATED = "repeated"
    A_ROW = "a row"
    ABOUT_HER = "about her"
    COMMON = "common"


def weakness_of(said: str, about_her: Iterable[str] = ()) -> Weakness | None:
    """Say why a passphrase may not be used; None for one that may. Any character may stand in it.

    `about_her` holds words that others know of her: the name that she signs in with, the name of the programme.

    >>> weakness_of("passwordpassword"), weakness_of("river stones are warm in June")
    (<Weakness.REPEATED: 'repeated'>, None)
    """
    passphrase = neat_passphrase(said)
    if len(passphrase) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(passphrase) > LONGEST:
        return Weakness.TOO_LONG
    hers = _plain(about_her)
    guesses, sequence = _estimate(passphrase[:_LOOKED_AT].casefold(), hers)
    return None if guesses >= TRIED_LATE else _kind(sequence, hers)


def _plain(words: Iterable[str]) -> list[str]:
    """Return words as they may stand in a passphrase: whole, without what parts them, and each piece alone."""
    whole = [word.casefold() for word in words if word]
    pieces = [piece for word in whole for piece in word.replace("-", " ").replace(".", " ").replace("_", " ").split()]
    return [*whole, *("".join(filter(str.isalnum, word)) for word in whole), *(one for one in pieces if len(one) > 2)]


def _estimate(passphrase: str, hers: Sequence[str]) -> tuple[float, list[dict[str, object]]]:
    """Ask zxcvbn with a dictionary of our own; its own entry keeps the words of the last caller for everyone."""
    words = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict([*hers, *_NEAR])}
    result = scoring.most_guessable_match_sequence(passphrase, matching.omnimatch(passphrase, words))
    return float(result["guesses"]), list(result["sequence"])


def _kind(sequence: list[dict[str, object]], hers: Sequence[str]) -> Weakness:
    widest = max(sequence, key=lambda match: len(str(match["token"])))
    if any(str(match["token"]) in hers for match in sequence if match["pattern"] == "dictionary"):
        return Weakness.ABOUT_HER
    if widest["pattern"] == "repeat":
        return Weakness.REPEATED
    return Weakness.A_ROW if widest["pattern"] in ("spatial", "sequence") else Weakness.COMMON
