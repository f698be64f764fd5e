"""Who is who: ids as they are read, and ids that may be one person's, on one sheet and on both.

Whoever is named by an id is kept apart or found by it, so two ids that a reader might take for one are never let pass.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from matcher.errors import BadAnswer, Fault
from matcher.people import Need, Offer
from matcher.questionnaire.answers import NONE_OF_THESE
from matcher.spreadsheets.files import Sheet
from matcher.text import folded

LONGEST_ID = 100
MOST_NAMED = 10
_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN")
"""Alphabets with letters that look the same."""


# Reading ids


def read_id(text: str) -> str:
    """Read the id of a row. Raises BadAnswer."""
    if not text or text == NONE_OF_THESE:
        raise BadAnswer("id.missing")
    return _checked(text)


def read_ids(text: str) -> frozenset[str]:
    """Read a list of ids, parted by `;`. Raises BadAnswer."""
    return frozenset(_checked(one.strip()) for one in text.split(";") if one.strip() not in ("", NONE_OF_THESE))


def _checked(text: str) -> str:
    wrong = next((letter for letter in text if letter in ";," or not letter.isprintable()), None)
    if wrong is not None:
        raise BadAnswer("id.with_comma" if wrong == "," else "id.with_sign", sign=wrong)
    if text[:1] in set("=+@"):
        raise BadAnswer("id.begins_with_sign", sign=text[:1])
    if len(text) > LONGEST_ID:
        raise BadAnswer("id.too_long", count=len(text), most=LONGEST_ID)
    if not text.isascii() and any(len(_alphabets(word)) > 1 for word in re.findall(r"[^\W\d_]+", text)):
        raise BadAnswer("id.of_two_alphabets")
    return text


def _alphabets(word: str) -> set[str]:
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in word}.intersection(_ALPHABETS)


# Ids that may be one


def person_key(one: str) -> str:
    """Leave out of an id what two ways to write the same id may differ by.

    That is capitals, accents, width, blanks, opening zeros, the `.0` of a number, and signs that part no numbers.

    >>> person_key("S-031"), person_key("7.0"), person_key("Ana@Example.org"), person_key("1-23") == person_key("12-3")
    ('s31', '7', 'anaexampleorg', False)
    """
    text = re.sub(r"(?<=[0-9])\.0+$", "", folded(one)).replace(" ", "")
    text = re.sub(r"(?<=[0-9])[\W_]+(?=[0-9])", "-", text)
    text = re.sub(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])", "", text)
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", text) or one


class Register:
    """The ids of one sheet, as row after row is read; where they `may_repeat`, one id is one person in several rows."""

    def __init__(self, may_repeat: bool = False) -> None:
        self._may_repeat = may_repeat
        self._known: dict[str, tuple[str, int]] = {}

    def problem_of(self, identity: str, number: int) -> BadAnswer | None:
        """Take the id of one more row in; say what is wrong, and what to do, if it may be that of an earlier one."""
        other, row = self._known.setdefault(person_key(identity), (identity, number))
        if row == number or (other == identity and self._may_repeat):
            return None
        if other == identity:
            return BadAnswer("id.there_already", row=row)
        return BadAnswer("id.almost_there_already", row=row, other=other)


# Both sheets


def kept_apart(needs: Sequence[Need], offers: Sequence[Offer]) -> tuple[tuple[Need, ...], tuple[str, ...]]:
    """Put supporters who may be the woman herself under her `never`; return the needs, and what a reader must know."""
    by_key = {person_key(offer.id): offer.id for offer in offers}
    herself = {need.id: by_key[key] for need in needs if (key := person_key(need.id)) in by_key}
    apart = tuple(
        replace(need, never=need.never | {herself[need.id]}) if need.id in herself else need for need in needs
    )
    return apart, tuple(_notes_of_both(herself))


def _notes_of_both(herself: dict[str, str]) -> list[str]:
    if not herself:
        return []
    named = [need if need == offer else f"{need} ({offer})" for need, offer in herself.items()]
    listed = f"the id {named[0]} stands" if len(named) == 1 else f"the ids {_first_of(named)} stand"
    remedy = "If they are two people, number one of the sheets otherwise."
    return [f"{listed} on both sheets: nobody is matched with her own id. {remedy}"]


def _first_of(named: Sequence[str]) -> str:
    more = len(named) - MOST_NAMED
    return ", ".join(named[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def fault_of_one_sheet(needs: Sheet | None, offers: Sheet | None) -> list[Fault]:
    """Refuse a sheet that is given for both sides: the same rows, from one file or from two."""
    if needs is None or offers is None or not needs.rows or needs.rows != offers.rows:
        return []
    return [Fault(needs.name, "sheet.of_both_sides")]
