"""What two people share, lack and leave open, question by question: the facts that explanations tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from matcher import availability
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Closeness, Excludes, Question, Questionnaire
from matcher.rules import shared_hours, wishes


@dataclass(frozen=True)
class Fact:
    """One question compared. `siblings` are missing options of which she has another of the family.

    `known` is False where the supporter's answer is not known. `steps` is how much further along she is, `minutes` what
    they share a week, `times` in which day parts of the woman's week, or on which days.
    """

    question: Question
    shared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    known: bool = True
    steps: int | None = None
    minutes: int | None = None
    times: tuple[str, ...] = ()
    narrowed: "Narrowed | None" = None


@dataclass(frozen=True)
class Narrowed:
    """Shared ways of contact that leave the site, and when they are safe: by her clock, and by the supporter's."""

    question: Question
    ways: tuple[str, ...]
    her_hours: str
    their_hours: str


class Pair(NamedTuple):
    """Two people in the week that starts on a Monday."""

    need: Need
    offer: Offer
    questionnaire: Questionnaire
    monday: date


def compare(pair: Pair) -> tuple[Fact, ...]:
    """Compare two people, question by question in file order; what she left out says nothing."""
    asked = (question for question in pair.questionnaire.question if question.match.rule in _RULES)
    facts = (_RULES[question.match.rule](question, pair) for question in asked)
    return tuple(fact for fact in facts if fact)


def _hours(question: Question, pair: Pair) -> Fact | None:
    need, offer = pair.need, pair.offer
    if need.hours(question.id) is None:
        return None
    shared = shared_hours.shared_between(need, offer, pair.questionnaire, pair.monday)
    return Fact(
        question,
        minutes=int(shared.sum()) * availability.MINUTES_A_QUARTER,
        times=day_parts(question, shared_hours.half_hours_of(shared, need.time_zone, pair.monday)),
        narrowed=_narrowed(pair),
        known=offer.hours(question.id) is not None,
    )


def _narrowed(pair: Pair) -> Narrowed | None:
    """Say when ways that leave the site are safe, where she has named safe hours and the two share such a way."""
    need, offer, monday = pair.need, pair.offer, pair.monday
    if need.safe_hours == availability.ALWAYS:
        return None
    for question in pair.questionnaire.with_rule("gate:any_shared"):
        shared = need.marks(question.id) & offer.marks(question.id)
        ways = tuple(option.id for option in question.options if option.outside and option.id in shared)
        if ways:
            safe = shared_hours.shared_between(need, offer, pair.questionnaire, monday, outside=True)
            hers, theirs = (
                shared_hours.half_hours_of(safe, zone, monday) for zone in (need.time_zone, offer.time_zone)
            )
            return Narrowed(question, ways, availability.write_hours(hers), availability.write_hours(theirs))
    return None


def day_parts(question: Question, hours: availability.HalfHours) -> tuple[str, ...]:
    """Name the day parts in which these half-hours lie, the ones with at least an hour first of all; else the days."""
    if not question.options:
        return tuple(
            day for number, day in enumerate(availability.DAYS) if any(h // availability.A_DAY == number for h in hours)
        )
    inside = {option.id: len(hours & availability.read_hours(option.hours or "")) for option in question.options}
    long_enough = tuple(option for option, half_hours in inside.items() if half_hours >= 2)
    return long_enough or tuple(option for option, half_hours in inside.items() if half_hours)


def _marks(question: Question, pair: Pair) -> Fact | None:
    hers, theirs = pair.need.marks(question.id), pair.offer.marks(question.id)
    if not hers:
        return None
    if question.id not in pair.offer.answers:
        return Fact(question, known=False)
    marked = tuple(option for option in question.option_ids if option in hers)
    missing = tuple(option for option in marked if option not in theirs)
    siblings = tuple(option for option in missing if not theirs.isdisjoint(question.siblings(option)))
    return Fact(question, tuple(option for option in marked if option in theirs), missing, siblings)


def _step(question: Question, pair: Pair) -> Fact | None:
    assert isinstance(question.match, Closeness)
    if not pair.need.marks(question.id):
        return None
    if not pair.offer.marks(question.id):
        return Fact(question, known=False)
    (hers,), (theirs,) = pair.need.marks(question.id), pair.offer.marks(question.id)
    steps = question.option_ids.index(theirs) - question.option_ids.index(hers)
    is_full = steps == 0 or (question.match.at_least and steps > 0)
    return Fact(question, (hers,), steps=steps) if is_full else Fact(question, missing=(hers,), steps=steps)


def _wishes(question: Question, pair: Pair) -> Fact | None:
    nice = wishes.marked(pair.need, question, "nice")
    holding = {o.id: wishes.holds_between(pair.need, o, pair.offer, pair.questionnaire) for o in nice}
    held, missing, unknown = (tuple(o for o, holds in holding.items() if holds is said) for said in (True, False, None))
    return Fact(question, held, missing, unknown=unknown) if nice else None


def _exclusion(question: Question, pair: Pair) -> Fact | None:
    """Report an exclusion that stands against an answer which is not known; it passes, and is told."""
    assert isinstance(question.match, Excludes)
    hers, theirs, about = pair.need.marks(question.id), pair.offer.marks(question.id), question.match.with_
    open_ = (hers and about not in pair.offer.answers) or (theirs and about not in pair.need.answers)
    return Fact(question, known=False) if open_ else None


_RULES: Mapping[str, Callable[[Question, Pair], Fact | None]] = {
    "coverage": _marks,
    "gate:any_shared": _marks,
    "closeness": _step,
    "wishes": _wishes,
    "gate:overlap": _hours,
    "gate:excludes": _exclusion,
}
