"""How to speak with somebody, by her own words: her pronouns, and what a woman wants left out of the talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.crypto.fields import UNREADABLE
from webapp.crypto.keyring import CannotDecrypt
from webapp.models import Request, Supporter
from webapp.services.answers import answers_of, text_of
from webapp.services.matching import questionnaire, said_in_role


@dataclass(frozen=True)
class Manners:
    """What the other of the two is told beside her name, subjects by language; empty where she answered nothing."""

    pronouns: str
    left_out: Sequence[Mapping[str, str]]


def manners_of(person: Request | Supporter) -> Manners:
    """Say how she wants to be spoken of and with; what cannot be read is said to be so, never left out."""
    return Manners(text_of(person, "pronouns"), _left_out(person) if isinstance(person, Request) else ())


def _left_out(request: Request) -> Sequence[Mapping[str, str]]:
    asked = questionnaire().of_role("left_out", "requester")
    try:
        said = said_in_role("left_out", "requester", answers_of(request))
    except CannotDecrypt:
        return [dict.fromkeys(questionnaire().languages, UNREADABLE)]
    return [one.label for one in asked.options if one.label and one.id in said["answer"]] if asked and said else ()
