"""The gates: hard rules that put a supporter out of one woman's ranking, each with its name and whether it was unknown.

A pair that fails a gate never appears in a ranking, whatever its score.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from matcher import availability
from matcher.people import Need
from matcher.questionnaire.schema import AnyShared, Differs, Excludes, Overlap, Question, Questionnaire, Steady
from matcher.roster.bitmaps import Bitmap
from matcher.roster.layout import ACTIVE, FREE, HOURS_KNOWN, STATUS_UNKNOWN
from matcher.roster.view import RosterView
from matcher.rules import wishes
from matcher.rules.shared_hours import Query
from matcher.text import comparable, is_same

PROTECT_HER = ("never", "past")
PROTECTING_RULES = ("gate:steady", "gate:differs", "gate:excludes", "wishes")
FAILS, UNKNOWN = 1, 2


@dataclass(frozen=True)
class Gate:
    """One gate held against every supporter: who fails, and who of them because something is not known."""

    name: str
    fails: Bitmap
    unknown: Bitmap | None = None


@dataclass(frozen=True)
class Avoided:
    """Whom each need id must not meet, by the lists of the supporters: offer ids by need id."""

    never: dict[str, set[str]]
    past: dict[str, set[str]]


def can_be_remedied(gate: str, questionnaire: Questionnaire) -> bool:
    """Say whether a coordinator may do something about a gate. One that protects somebody is never an obstacle."""
    question = questionnaire.by_id.get(gate)
    return gate not in PROTECT_HER and (question is None or question.match.rule not in PROTECTING_RULES)


def gates(query: Query[RosterView], avoided: Avoided) -> list[Gate]:
    """Hold every gate against every supporter: first the columns, then the questions in file order.

    A gate of which she asks nothing is left out. Bits beyond the last supporter say nothing.
    """
    asked = (of_question(question, query) for question in asking(query.columns.questionnaire))
    return [*of_state(query), *of_lists(query, avoided), *(gate for gate in asked if gate)]


def asking(questionnaire: Questionnaire) -> list[Question]:
    """List the questions that are gates, or may be."""
    return [question for question in questionnaire.question if question.match.rule in _RULES]


def of_question(question: Question, query: Query[RosterView]) -> Gate | None:
    """Hold the gate of a question; None where she asks nothing."""
    return _RULES[question.match.rule](question, query)


class Inputs(NamedTuple):
    """Whose answers, and whose stars, a gate looks at on her side: the ids of questions."""

    answers: tuple[str, ...]
    stars: tuple[str, ...] = ()


def inputs_of(question: Question) -> Inputs | None:
    """Say what a question's gate looks at; None where that is more than marks."""
    match question.match:
        case AnyShared():
            return Inputs((question.id,))
        case Steady():
            return Inputs((), (question.match.with_,))
        case Differs() if question.kind not in ("text", "number"):
            return Inputs((question.match.when, question.id))
        case Excludes():
            return Inputs((question.id, question.match.with_))
        case _:
            return None


def passing(held: list[Gate], columns: RosterView) -> Bitmap:
    """Say who passes every gate."""
    left = columns.everyone
    for gate in held:
        left &= ~gate.fails
    return left


def of_state(query: Query[RosterView]) -> Iterator[Gate]:
    """Hold the gates that are the same for every need."""
    columns = query.columns
    yield Gate("status", ~columns.bitmap(ACTIVE), columns.bitmap(STATUS_UNKNOWN))
    for name, past, unknown in columns.in_date(query.on):
        yield Gate(name, past, unknown)
    yield Gate("capacity", ~columns.bitmap(FREE))


def of_lists(query: Query[RosterView], avoided: Avoided) -> Iterator[Gate]:
    """Hold the gates of the lists of people, hers and theirs. Nobody is her own supporter, listed or not."""
    need, columns = query.need, query.columns
    yield from _avoids("never", need.never | {need.id}, avoided.never.get(need.id, set()), columns)
    yield from _avoids("past", need.past, avoided.past.get(need.id, set()), columns)


def _avoids(name: str, by_her: frozenset[str], by_them: set[str], columns: RosterView) -> Iterator[Gate]:
    rows = [columns.row_of[one] for one in by_her | by_them if one in columns.row_of]
    if rows:
        yield Gate(name, columns.rows(rows))


def _not_known(question: Question, columns: RosterView) -> Gate:
    return Gate(question.id, columns.everyone, columns.everyone)


def _any_shared(question: Question, query: Query[RosterView]) -> Gate:
    need, columns = query.need, query.columns
    if question.id not in need.answers:
        return _not_known(question, columns)
    shared = columns.any_of(question.id, need.marks(question.id))
    return Gate(question.id, ~shared, ~columns.answered(question.id))


def _overlap(question: Question, query: Query[RosterView]) -> Gate:
    need, columns, rule = query.need, query.columns, question.match
    assert isinstance(rule, Overlap)
    if need.hours(question.id) is None:
        return _not_known(question, columns)
    least = -(-rule.min_minutes // availability.MINUTES_A_QUARTER)
    too_few, unknown = query.shared_quarters.fewer_than(least), ~columns.bitmap(HOURS_KNOWN)
    if not need.safe_hours:
        return Gate(question.id, too_few | unknown, unknown | (too_few & ~query.can_meet_inside))
    return Gate(question.id, too_few | unknown, unknown)


def _steady(question: Question, query: Query[RosterView]) -> Gate | None:
    """Ask enough months of whatever starred option was lived, and that one was lived; with `each`, that all were.

    A star is what matters most, not a must: an option that was not lived lowers the score alone. Who fails only because
    she did not say something (how long, or what she has lived) is not known.
    """
    columns, rule = query.columns, question.match
    assert isinstance(rule, Steady)
    starred = query.need.stars.get(rule.with_)
    if not starred:
        return None
    held = [_lived(question, rule.with_, option, columns) for option in sorted(starred)]
    too_few = reduce(or_, (one.too_few for one in held))
    join = or_ if rule.each else and_
    lacking = reduce(join, (~one.steady for one in held))
    not_lived = reduce(join, (one.not_lived for one in held))
    untold = reduce(or_, (one.untold for one in held))
    fails = too_few | untold | lacking
    return Gate(question.id, fails, fails & ~too_few & ~not_lived)


class _Lived(NamedTuple):
    """Who has lived one option for long enough, too short, not at all, or does not say how long."""

    steady: Bitmap
    too_few: Bitmap
    not_lived: Bitmap
    untold: Bitmap


def _lived(question: Question, about: str, option: str, columns: RosterView) -> _Lived:
    """Tell by the answer to `about` whether an option was lived; where that was left out, by the months alone."""
    answered, marked = columns.answered(about), columns.has(about, option)
    if option not in question.option_ids:
        return _Lived(columns.nobody, columns.nobody, answered & ~marked, marked)
    enough, known = columns.has(question.id, option), columns.months_known(question.id, option)
    lived = marked | (known & ~answered)
    return _Lived(lived & enough, lived & known & ~enough, answered & ~marked, marked & ~known)


def _differs(question: Question, query: Query[RosterView]) -> Gate | None:
    need, columns = query.need, query.columns
    assert isinstance(question.match, Differs)
    if "yes" not in need.marks(question.match.when):
        return None
    if question.kind in ("text", "number"):
        return _differs_in_words(question, need, columns)
    if not need.marks(question.id):
        return _not_known(question, columns)
    unknown = ~columns.any_of(question.id, question.option_ids)
    return Gate(question.id, columns.any_of(question.id, need.marks(question.id)) | unknown, unknown)


def _differs_in_words(question: Question, need: Need, columns: RosterView) -> Gate:
    """Compare towns with care: "Windsor" and "Windsor, Ontario" count as the same."""
    hers = comparable(need.answers.get(question.id))
    if hers is None:
        return _not_known(question, columns)
    fails = columns.where(question.id, lambda value: value is None or is_same(value, hers))
    return Gate(question.id, fails, columns.where(question.id, lambda value: value is None))


def _excludes(question: Question, query: Query[RosterView]) -> Gate | None:
    """Keep what one side lists out of the other side's answer, both ways; blanks exclude nothing."""
    need, columns, rule = query.need, query.columns, question.match
    assert isinstance(rule, Excludes)
    listed, brought = need.marks(question.id), need.marks(rule.with_) & frozenset(question.option_ids)
    brought = brought if question.is_asked_of("supporter") else frozenset()
    if not listed and not brought:
        return None
    return Gate(question.id, columns.any_of(rule.with_, listed) | columns.any_of(question.id, brought))


def _musts(question: Question, query: Query[RosterView]) -> Gate | None:
    need, columns = query.need, query.columns
    musts = wishes.marked(need, question, "must")
    fails, unknown = columns.nobody, columns.nobody
    for option in musts:
        missing = ~wishes.holds(need, option, columns)
        fails |= missing
        unknown |= missing & ~wishes.is_known(option, columns)
    return Gate(question.id, fails, unknown) if musts else None


_RULES: Mapping[str, Callable[[Question, Query[RosterView]], Gate | None]] = {
    "gate:any_shared": _any_shared,
    "gate:overlap": _overlap,
    "gate:steady": _steady,
    "gate:differs": _differs,
    "gate:excludes": _excludes,
    "wishes": _musts,
}
"""What each rule asks of everybody; None where she asks nothing."""
