"""How the engine reads one request, for the coordinator who must be able to explain it: her profile vector in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain import requests
from webapp.domain.access import Action, Actor
from webapp.models import Request
from webapp.services import matching
from webapp.services.acting import Missing, load, require
from webapp.services.matching import Question, ReadColumn, ReadQuestion, questionnaire, read_vector, text
from webapp.services.requests import subject_of

STAR, MUST = 2, 2
"""What stands in a column with a star, and in one of a wish that must hold."""


@dataclass(frozen=True)
class ShownColumn:
    """One column that is not zero, in words, with what it alone can earn."""

    name: str
    value: int
    words: str
    is_starred: bool
    strength: str
    points: float | None


@dataclass(frozen=True)
class ShownQuestion:
    """One answered question: what stands in its columns, the points that it can earn, and which rules look at it."""

    title: str
    columns: list[ShownColumn]
    points: float | None
    rules: list[str]


@dataclass(frozen=True)
class ShownProfile:
    """A request as the engine reads it; `left_out` names what she did not answer and what would have been compared."""

    name: str
    questions: list[ShownQuestion]
    left_out: list[str]
    columns: int


def read_profile(session: Session, actor: Actor, request_id: UUID, language: str, *, now: datetime) -> ShownProfile:
    """Return the profile vector of a request that is sent and not taken back. Raises Missing, CannotDecrypt.

    The reading is for the audit to record.
    """
    request = load(session, Request, request_id)
    require(actor, Action.READ_REQUEST, subject_of(request))
    if request.state in (requests.State.DRAFT, requests.State.WITHDRAWN):
        raise Missing
    need = matching.need_of(session, request)
    with matching.keeper.roster(session, now=now) as roster:
        read = read_vector(roster, need)
        columns = len(roster.space_.get_feature_names_out())
    answered = {one.question.id for one in read}
    left_out = [_title(one, language) for one in _compared() if one.id not in answered and one.id not in need.answers]
    shown = [_question(one, language) for one in read]
    return ShownProfile(matching.name_of(request), shown, left_out, columns)


def _question(read: ReadQuestion, language: str) -> ShownQuestion:
    question = read.question
    columns = [_column(question, one, language) for one in read.columns]
    return ShownQuestion(_title(question, language), columns, read.points, list(_rules_of(question, read)))


def _column(question: Question, read: ReadColumn, language: str) -> ShownColumn:
    is_wish = question.kind == "wishes"
    strength = ("must" if read.value == MUST else "nice") if is_wish else ""
    words = _words(question, read.option, language)
    return ShownColumn(read.name, read.value, words, not is_wish and read.value == STAR, strength, read.points)


def _words(question: Question, option: str, language: str) -> str:
    """Say an option in words; a half-hour has none of its own."""
    if question.kind == "availability":
        return ""
    if not question.options:
        return matching.say_option(question, option, language)
    return text(question.option(option).label, language)


def _rules_of(question: Question, read: ReadQuestion) -> Iterator[str]:
    """Name the rules that look at what she answered here."""
    rule = question.match.rule
    if rule == "wishes":
        yield from ["must"] if any(one.value == MUST for one in read.columns) else []
    elif rule.startswith("gate:"):
        yield rule.removeprefix("gate:")
    if any(one.value == STAR for one in read.columns) and question.id in _looked_at("gate:steady"):
        yield "steady"
    if rule == "none":
        yield "looked_at" if question.id in _looked_at("wishes", "gate:differs", "gate:excludes") else "not_compared"


def _looked_at(*rules: str) -> set[str]:
    """Name the questions at which rules of other questions look."""
    looking = list(questionnaire().with_rule(*rules))
    named = {getattr(one.match, key, None) for one in looking for key in ("with_", "when")}
    return {one for one in named | {option.of for one in looking for option in one.options} if one}


def _compared() -> list[Question]:
    return [one for one in questionnaire().asked_of("requester") if one.match.rule != "none"]


def _title(question: Question, language: str) -> str:
    title = text(question.short, language) or question.id.replace("_", " ")
    return title[:1].upper() + title[1:]
