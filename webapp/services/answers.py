"""What a person answered, as it is stored: all of it in one sealed document, so that no row tells which questions.

The name stands in a field of its own, because lists need the names of many at once and nothing else of them.
"""

from collections.abc import Mapping
from typing import Any

from webapp.crypto.fields import UNREADABLE
from webapp.crypto.keyring import CannotDecrypt
from webapp.models import Request, Supporter

NAME = "name"
Said = dict[str, Any]
"""An answer as it is stored: {"answer": ..., "stars": [...]}, marks as lists, everything in JSON's own types."""


def answers_of(person: Request | Supporter) -> dict[str, Said]:
    """Return the answers of a request or of a supporter by question. Raises CannotDecrypt."""
    name: dict[str, Said] = {} if person.name is None else {NAME: {"answer": person.name, "stars": []}}
    return {**name, **(person.answers or {})}


def text_of(person: Request | Supporter, question: str) -> str:
    """Return what somebody wrote to one question; empty where nothing, UNREADABLE where it cannot be read."""
    try:
        said = answers_of(person).get(question)
    except CannotDecrypt:
        return UNREADABLE
    return str(said["answer"]) if said else ""


def keep_answers(person: Request | Supporter, answers: Mapping[str, Said]) -> None:
    """Store all answers of a person in place of those before."""
    said = answers.get(NAME)
    person.name = said["answer"] if said else None
    person.answers = {question: said for question, said in answers.items() if question != NAME}
