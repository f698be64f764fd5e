"""What a person answered, as it is stored: all of it in one sealed document, so that no row tells which questions.

The name stands in a field of its own, because lists need the names of many at once and nothing else of them.
"""

from collections.abc import Mapping

from webapp.crypto.fields import UNREADABLE
from webapp.crypto.keyring import CannotDecrypt
from webapp.models import Request, Supporter
from webapp.services.engine.answers import (
    Question,
    QuestionRole,
    Said,
    Side,
    only_asked,
    questionnaire,
    said_in_role,
)


def answers_of(person: Request | Supporter) -> dict[str, Said]:
    """Return the answers of a request or of a supporter by question. Raises CannotDecrypt."""
    asks, name = _asks_name(person), person.name
    named: dict[str, Said] = {asks.id: {"answer": name, "stars": []}} if asks and name is not None else {}
    return only_asked({**named, **(person.answers or {})})


def text_of(person: Request | Supporter, role: QuestionRole) -> str:
    """Return what somebody wrote to the question of a role; empty for nothing, UNREADABLE where it cannot be read."""
    try:
        said = said_in_role(role, _side_of(person), answers_of(person))
    except CannotDecrypt:
        return UNREADABLE
    return str(said["answer"]) if said else ""


def keep_answers(person: Request | Supporter, answers: Mapping[str, Said]) -> dict[str, Said]:
    """Store all answers of a person in place of those before, but for what she would not be asked. Returns them."""
    kept, asks = only_asked(answers), _asks_name(person)
    if asks is not None:
        said = kept.get(asks.id)
        person.name = said["answer"] if said else None
    person.answers = {question: said for question, said in kept.items() if asks is None or question != asks.id}
    return kept


def _asks_name(person: Request | Supporter) -> Question | None:
    return questionnaire().of_role("name", _side_of(person))


def _side_of(person: Request | Supporter) -> Side:
    return "requester" if isinstance(person, Request) else "supporter"
