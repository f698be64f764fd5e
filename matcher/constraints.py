"""The gates: hard rules that put a supporter out of one woman's ranking, each with its name and whether it was unknown.

A pair that fails a gate never appears in a ranking, whatever its score.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher import availability, meeting, wishes
from matcher.columns import NOT_ACTIVE, STATUS_UNKNOWN, UNKNOWN_DAY, Columns, Mask
from matcher.people import UNTIL, Need
from matcher.questions import AnyShared, Differs, Excludes, Overlap, Question, Questionnaire, Steady

PROTECT_HER = ("never", "past")
PROTECTING_RULES = ("gate:steady", "gate:differs", "gate:excludes", "wishes")
Verdicts = NDArray[np.int8]
PASSES, FAILS, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Gate:
    """One gate held against every supporter: 0 passes, 1 fails, 2 fails because something is not known."""

    name: str
    verdicts: Verdicts


@dataclass(frozen=True)
class Avoided:
    """Whom each need id must not meet, by the lists of the supporters: offer ids by need id."""

    never: dict[str, set[str]]
    past: dict[str, set[str]]


def can_be_remedied(gate: str, questionnaire: Questionnaire) -> bool:
    """Say whether a coordinator may do something about a gate. One that protects somebody is never an obstacle."""
    question = questionnaire.by_id.get(gate)
    return gate not in PROTECT_HER and (question is None or question.match.rule not in PROTECTING_RULES)


def gates(need: Need, columns: Columns, avoided: Avoided, on: date) -> list[Gate]:
    """Hold every gate against every supporter on a date: first the columns, then the questions in file order."""
    questions = columns.space.questionnaire.question
    return [
        Gate("status", _status(columns)),
        *(Gate(name, _in_date(columns[name], on)) for name in UNTIL),
        Gate("capacity", _verdicts(columns["load"] >= columns["capacity"])),
        Gate("never", _avoids(need.never, avoided.never.get(need.id, set()), columns)),
        Gate("past", _avoids(need.past, avoided.past.get(need.id, set()), columns)),
        *(gate for question in questions for gate in _of_question(question, need, columns, on)),
    ]


def _verdicts(fails: Mask, unknown: Mask | None = None) -> Verdicts:
    verdicts = fails.astype(np.int8)
    if unknown is not None:
        verdicts[unknown] = UNKNOWN
    return verdicts


def _status(columns: Columns) -> Verdicts:
    return _verdicts(columns["status"] == NOT_ACTIVE, columns["status"] == STATUS_UNKNOWN)


def _in_date(last_day: NDArray[np.int64], on: date) -> Verdicts:
    return _verdicts(last_day < on.toordinal(), last_day == UNKNOWN_DAY)


def _avoids(by_her: frozenset[str], by_them: set[str], columns: Columns) -> Verdicts:
    verdicts = np.zeros(columns.count, dtype=np.int8)
    verdicts[[columns.row_of[one] for one in by_her | by_them if one in columns.row_of]] = FAILS
    return verdicts


def _of_question(question: Question, need: Need, columns: Columns, on: date) -> Iterator[Gate]:
    match question.match:
        case AnyShared():
            yield Gate(question.id, _any_shared(question, need, columns))
        case Overlap():
            yield Gate(question.id, _overlap(question, need, columns, on))
        case Steady():
            yield Gate(question.id, _steady(question, need, columns))
        case Differs():
            yield Gate(question.id, _differs(question, need, columns))
        case Excludes():
            yield Gate(question.id, _excludes(question, need, columns))
        case _ if question.match.rule == "wishes":
            yield Gate(question.id, _musts(question, need, columns))


def _all(columns: Columns, verdict: int) -> Verdicts:
    return np.full(columns.count, verdict, dtype=np.int8)


def _is_known(question: Question, columns: Columns) -> Mask:
    if question.is_one_step:
        return ~np.isnan(columns.step(question.id))
    return columns.answered(question.id)


def _any_of(question_id: str, options: frozenset[str], columns: Columns) -> Mask:
    has = [columns.has(question_id, option) for option in sorted(options)]
    return np.logical_or.reduce(has) if has else np.zeros(columns.count, dtype=bool)


def _any_shared(question: Question, need: Need, columns: Columns) -> Verdicts:
    if question.id not in need.answers:
        return _all(columns, UNKNOWN)
    shared = _any_of(question.id, need.marks(question.id), columns)
    return _verdicts(~shared, ~_is_known(question, columns))


def _overlap(question: Question, need: Need, columns: Columns, on: date) -> Verdicts:
    assert isinstance(question.match, Overlap)
    if need.hours(question.id) is None:
        return _all(columns, UNKNOWN)
    shared = meeting.shared_quarters(need, columns, availability.monday_of(on))
    too_few = shared * availability.MINUTES_A_QUARTER < question.match.min_minutes
    no_safe_hour = np.full(columns.count, not need.safe_hours) & ~meeting.can_meet_inside(need, columns)
    return _verdicts(too_few, too_few & (no_safe_hour | ~columns["hours_known"]) | ~columns["hours_known"])


def _steady(question: Question, need: Need, columns: Columns) -> Verdicts:
    assert isinstance(question.match, Steady)
    verdicts = _all(columns, PASSES)
    about = columns.space.questionnaire.by_id[question.match.with_]
    for option in sorted(need.stars.get(about.id, ())):
        months = columns.amount(question.id, option)
        not_lived = columns.answered(about.id) & ~columns.has(about.id, option)
        too_few = (months < question.match.min_months) | (np.isnan(months) & not_lived)
        verdicts[too_few & (verdicts == PASSES)] = FAILS
        verdicts[np.isnan(months) & ~not_lived] = UNKNOWN
    return verdicts


def _differs(question: Question, need: Need, columns: Columns) -> Verdicts:
    assert isinstance(question.match, Differs)
    if "yes" not in need.marks(question.match.when):
        return _all(columns, PASSES)
    if question.kind in ("text", "number"):
        return _differs_in_words(question, need, columns)
    if not need.marks(question.id):
        return _all(columns, UNKNOWN)
    same = _any_of(question.id, need.marks(question.id), columns)
    known = np.logical_or.reduce([columns.has(question.id, option) for option in question.option_ids])
    return _verdicts(same, ~known)


def _differs_in_words(question: Question, need: Need, columns: Columns) -> Verdicts:
    """Compare towns with care: "Windsor" and "Windsor, Ontario" count as the same."""
    hers = wishes.comparable(need.answers.get(question.id))
    theirs = columns.comparable(question.id)
    if hers is None:
        return _all(columns, UNKNOWN)
    unknown = np.array([value is None for value in theirs], dtype=bool)
    return _verdicts(np.array([_same(value, hers) for value in theirs], dtype=bool), unknown)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one in other or other in one
    return bool(one == other)


def _excludes(question: Question, need: Need, columns: Columns) -> Verdicts:
    """Keep what one side lists out of the other side's answer, both ways; blanks exclude nothing."""
    assert isinstance(question.match, Excludes)
    listed = _any_of(question.match.with_, need.marks(question.id), columns)
    brought = need.marks(question.match.with_)
    if question.is_asked_of("supporter"):
        listed = listed | _any_of(question.id, brought & frozenset(question.option_ids), columns)
    return _verdicts(listed)


def _musts(question: Question, need: Need, columns: Columns) -> Verdicts:
    verdicts = _all(columns, PASSES)
    for option in wishes.marked(need, question, "must"):
        missing = ~wishes.holds(need, option, columns)
        verdicts[missing & (verdicts == PASSES)] = FAILS
        verdicts[missing & ~wishes.is_known(option, columns)] = UNKNOWN
    return verdicts
