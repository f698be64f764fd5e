"""What each woman needs of a supporter, one thing at a time, and which supporters bring it.

Which question is about topics, language, hours or place is read from the rules, never from an id: coverage with stars,
gate:any_shared, gate:overlap, gate:differs. So any programme's questionnaire will do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher import availability
from matcher.availability import ALWAYS, HalfHours
from matcher.people import Need
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import (
    AnyShared,
    Coverage,
    Differs,
    Excludes,
    Overlap,
    Question,
    Questionnaire,
    Steady,
)
from matcher.ranking.gate_counts import Gatekeeper
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmap
from matcher.text import comparable

GENERAL = ("status", *UNTIL, "capacity")
"""The gates of the columns, which a supporter passes for everybody or for nobody."""
NOBODY_IN_PARTICULAR = Need(id="", safe_hours=ALWAYS)


@dataclass(frozen=True, order=True)
class Demand:
    """One thing that a supporter must bring: one of `options` of a question.

    Of hours, `options` are day parts (days where the questionnaire has none), `beside` the half-hours that lie in none
    of them, `zone` whose clock they follow. Where it `differs`, `options` or `text` are what must not be the same.
    `is_starred` is kept only where it is an input of a gate:steady.
    """

    question: str
    options: tuple[str, ...] = ()
    text: str = ""
    beside: tuple[int, ...] = ()
    zone: str = ""
    is_starred: bool = False
    differs: bool = False


def demands(need: Need, questionnaire: Questionnaire) -> dict[str, tuple[Demand, ...]]:
    """List what she needs, by question in file order: of topics any one, of everything else the one that is there.

    A question that she left out, or answered with "none", asks nothing of the roster.
    """
    listed = {question.id: tuple(_of_question(question, need, questionnaire)) for question in questionnaire.question}
    return {question: found for question, found in listed.items() if found}


def _of_question(question: Question, need: Need, questionnaire: Questionnaire) -> Iterator[Demand]:
    match question.match:
        case Coverage() if question.stars:
            yield from _topics(question, need, questionnaire)
        case AnyShared() if need.marks(question.id):
            yield Demand(question.id, in_file_order(question, need.marks(question.id)))
        case Overlap() if need.hours(question.id):
            yield hours_demand(question, need)
        case Differs(when=when) if "yes" in need.marks(when) and comparable(need.answers.get(question.id)) not in (
            None,
            frozenset(),
        ):
            yield _differing(question, need)


def _topics(question: Question, need: Need, questionnaire: Questionnaire) -> Iterator[Demand]:
    """List what she starred; where she starred nothing, what she marked."""
    starred = need.stars.get(question.id, frozenset())
    is_starred = bool(starred) and any(True for _ in looking_at(question, questionnaire, Steady))
    for option in in_file_order(question, starred or need.marks(question.id)):
        yield Demand(question.id, (option,), is_starred=is_starred)


def hours_demand(question: Question, need: Need) -> Demand:
    """Return her hours as one demand: the day parts into which they fall, and what falls into none."""
    hours = need.hours(question.id) or frozenset()
    parts = tuple(part for part in day_parts(question) if hours & hours_of(question, part))
    inside = hours_of_all(question, parts)
    return Demand(question.id, parts, beside=tuple(sorted(hours - inside)), zone=need.time_zone or "")


def _differing(question: Question, need: Need) -> Demand:
    answer = need.answers[question.id]
    if question.kind in ("text", "number"):
        return Demand(question.id, text=str(answer).strip(), differs=True)
    return Demand(question.id, in_file_order(question, need.marks(question.id)), differs=True)


def in_file_order(question: Question, options: Iterable[str]) -> tuple[str, ...]:
    """Put options in the order of the questionnaire."""
    marked = frozenset(options)
    return tuple(option for option in question.option_ids if option in marked)


def day_parts(question: Question) -> tuple[str, ...]:
    """List the day parts of an availability question; the days where it has none."""
    return question.option_ids or availability.DAYS


def hours_of(question: Question, part: str) -> HalfHours:
    """Return the half-hours of a day part, or of a day."""
    if question.options:
        return availability.read_hours(question.option(part).hours or "")
    start = availability.DAYS.index(part) * availability.A_DAY
    return frozenset(range(start, start + availability.A_DAY))


def hours_of_all(question: Question, parts: Iterable[str]) -> HalfHours:
    """Return the half-hours of several day parts."""
    return frozenset[int]().union(*(hours_of(question, part) for part in parts))


def looking_at(
    question: Question, questionnaire: Questionnaire, *rules: type[Steady] | type[Excludes]
) -> Iterator[str]:
    """Yield the ids of the gates that take this question's answer as an input."""
    for other in questionnaire.question:
        if isinstance(other.match, rules) and other.match.with_ == question.id:
            yield other.id


# Who brings it


def who_is_free(keeper: Gatekeeper) -> Bitmap:
    """Return the bitmap of those who are active and in date and have a free place."""
    return keeper.let_in(NOBODY_IN_PARTICULAR, GENERAL)


def who_is_here(keeper: Gatekeeper) -> Bitmap:
    """Return the bitmap of those who are active and in date, full or not."""
    return keeper.let_in(NOBODY_IN_PARTICULAR, GENERAL[:-1])


def who_brings(keeper: Gatekeeper, demand: Demand) -> Bitmap:
    """Return the bitmap of those who bring one demand, whatever else may rule them out.

    They pass every gate that has its question as an input, and have lived it if it is a topic.
    """
    roster = keeper.roster
    question = roster.questionnaire.by_id[demand.question]
    about = {question.id, *looking_at(question, roster.questionnaire, Steady, Excludes)}
    let_in = keeper.let_in(_only(demand, question), about)
    if not isinstance(question.match, Coverage):
        return let_in
    options, offers = frozenset(demand.options), roster.columns_.offers
    lived = [row for row, offer in enumerate(offers) if not options.isdisjoint(offer.marks(question.id))]
    return let_in & bitmaps.bitmap_of(lived, len(offers))


def _only(demand: Demand, question: Question) -> Need:
    """Make up a need that asks for this one demand."""
    answers: dict[str, Any] = {question.id: frozenset(demand.options)}
    if isinstance(question.match, Overlap):
        answers[question.id] = hours_of_all(question, demand.options) | frozenset(demand.beside)
    if isinstance(question.match, Differs):
        answers[question.match.when] = frozenset({"yes"})
        if demand.text:
            answers[question.id] = Decimal(demand.text) if question.kind == "number" else demand.text
    stars = {question.id: frozenset(demand.options)} if demand.is_starred else {}
    return Need(id="", answers=answers, stars=stars, time_zone=demand.zone or "UTC", safe_hours=ALWAYS)
