"""How the engine reads one request, for the coordinator who must be able to explain it: her profile vector in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain import requests
from webapp.domain.access import Action, Actor
from webapp.models import Request
from webapp.services import matching
from webapp.services.acting import Missing, load
from webapp.services.matching import Question, ReadColumn, ReadQuestion, questionnaire, read_vector, text
from webapp.services.requests import subject_of
from webapp.services.safety.closed_files import require_as_staff
from webapp.services.wording import title_of

NEEDED = ("gate:any_shared", "gate:overlap")
"""Rules that nobody passes for a woman who left their question out."""
STAR, MUST = 2, 2
"""What stands in a column with a star, and in one of a wish that must hold."""


@dataclass(frozen=True)
class ShownColumn:
    """One column that is not zero, in words, with what it alone can earn."""

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
    """A request as the engine reads it.

    `questions` are those that are compared, `unread` names the others. Of what she left out, `left_out` counts for
    nobody, and without `lacking` nobody passes. `columns` are those of what she marked, by name and value, of `of`.
    """

    questions: list[ShownQuestion]
    unread: list[str]
    left_out: list[str]
    lacking: list[str]
    columns: list[tuple[str, int]]
    of: int


def read_profile(session: Session, actor: Actor, request_id: UUID, language: str, *, now: datetime) -> ShownProfile:
    """Return the profile vector of a request that is sent and not taken back. Raises Missing, CannotDecrypt.

    The reading is for the audit to record.
    """
    request = load(session, Request, request_id)
    require_as_staff(session, actor, Action.READ_REQUEST, subject_of(request))
    if request.state in (requests.State.DRAFT, requests.State.WITHDRAWN):
        raise Missing
    need = matching.need_of(session, request, now=now)
    with matching.keeper.roster(session, now=now) as roster:
        read = read_vector(roster, need)
        width = len(roster.space_.get_feature_names_out())
    compared = [one for one in read if _is_compared(one.question)]
    return ShownProfile(
        questions=[_question(one, language) for one in compared],
        unread=[title_of(one.question, language) for one in read if one not in compared],
        left_out=[title_of(one, language) for one in _left_out(need.answers) if one.match.rule not in NEEDED],
        lacking=[title_of(one, language) for one in _left_out(need.answers) if one.match.rule in NEEDED],
        columns=[(column.name, column.value) for one in read for column in one.columns],
        of=width,
    )


def _question(read: ReadQuestion, language: str) -> ShownQuestion:
    question = read.question
    columns = [_column(question, one, language) for one in read.columns]
    return ShownQuestion(title_of(question, language), columns, read.points, list(_rules_of(question, read)))


def _column(question: Question, read: ReadColumn, language: str) -> ShownColumn:
    is_wish = question.kind == "wishes"
    strength = ("must" if read.value == MUST else "nice") if is_wish else ""
    words = _words(question, read.option, language)
    return ShownColumn(words, not is_wish and read.value == STAR, strength, read.points)


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
    if question.role == "safe_hours":
        yield "safe_hours"
    elif rule == "none":
        yield "looked_at"


def _looked_at(*rules: str) -> set[str]:
    """Name the questions at which rules of other questions look."""
    looking = list(questionnaire().with_rule(*rules))
    named = {getattr(one.match, key, None) for one in looking for key in ("with_", "when")}
    return {one for one in named | {option.of for one in looking for option in one.options} if one}


def _is_compared(question: Question) -> bool:
    looked_at = _looked_at("wishes", "gate:differs", "gate:excludes")
    return question.match.rule != "none" or question.id in looked_at or question.role == "safe_hours"


def _left_out(answers: Mapping[str, Any]) -> Iterator[Question]:
    asked = questionnaire().asked_of("requester")
    return (one for one in asked if one.match.rule != "none" and one.id not in answers)
