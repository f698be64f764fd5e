"""Whom a woman does not want to meet: her words, and which names stand in them. A coordinator reads and decides."""

import re
import unicodedata
from collections.abc import Mapping

from webapp.services.matching import Said, said_in_role


def words_in(answers: Mapping[str, Said]) -> str:
    """Return what she wrote about people whom she does not want to meet; empty where she wrote nothing."""
    said = said_in_role("avoided", "requester", answers)
    return str(said["answer"]) if said else ""


def is_named(name: str, words: str) -> bool:
    """Say whether any word of a name stands among her words, whatever its case and accents. Better once too often.

    >>> is_named("Zoé", "zoe from Windsor; my boss"), is_named("Ana", "Anna")
    (True, False)
    """
    return bool(_folded(name) & _folded(words))


def _folded(text: str) -> set[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return set(re.findall(r"\w+", plain.casefold()))
