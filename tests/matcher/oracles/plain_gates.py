"""The gates of the contract (DESIGN.md sections 4 and 5) read plainly, and the hours that two share.

One pair at a time, with nothing of the engine but the shapes of its data; the score is in oracles/plain_reading.py.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from matcher.people import Need, Offer, Person
from matcher.questionnaire.schema import (
    AnyShared,
    Differs,
    Excludes,
    Option,
    Overlap,
    Question,
    Questionnaire,
    Steady,
    Wishes,
)

UNTIL = ("trained_until", "cleared_until", "agreed_until", "supervised_until")
NOTHING: frozenset[str] = frozenset()


def marked(person: Person, question_id: str) -> frozenset[str]:
    """Give the options that a person marked; nothing where she left the question out or answered `-`."""
    return cast(frozenset[str], person.answers.get(question_id, NOTHING))


def left_out(person: Person, question_id: str) -> bool:
    """Say whether a person left a question out; `-` is an answer."""
    return question_id not in person.answers


def wishes_of(question: Question, need: Need, strength: str) -> list[Option]:
    """List the wishes that she marked `must`, or `nice`."""
    strengths = cast(Mapping[str, str], need.answers.get(question.id, {}))
    return [option for option in question.options if strengths.get(option.id) == strength]


def squeezed(text: str) -> str:
    """Write a text in its letters and digits alone, without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] in "LN")


def values(question: Question, person: Person) -> frozenset[Any]:
    """Give what a person answered as values that can be compared; none for unknown and `-`."""
    answer = person.answers.get(question.id)
    if answer is None:
        return frozenset()
    if isinstance(answer, Decimal):
        return frozenset({Fraction(answer)})
    if isinstance(answer, str):
        return frozenset({squeezed(answer)} - {""})
    return frozenset(cast(Iterable[str], answer))


def gates(questionnaire: Questionnaire, need: Need, offer: Offer, on: date) -> list[str]:
    """Name every gate that this pair fails, in the order of the contract."""
    failed = [name for name, fails in _gates_of_columns(need, offer, on).items() if fails]
    for question in questionnaire.question:
        passes = _GATES.get(type(question.match))
        if passes and not passes(questionnaire, question, need, offer, on):
            failed.append(question.id)
    return failed


def _gates_of_columns(need: Need, offer: Offer, on: date) -> dict[str, bool]:
    fails = {"status": offer.status != "active"}
    for column in UNTIL:
        if column in offer.until:
            last_day = offer.until[column]
            fails[column] = last_day is None or on > last_day
    fails["capacity"] = offer.load >= offer.capacity
    fails["never"] = offer.id in need.never or need.id in offer.never or need.id == offer.id
    fails["past"] = offer.id in need.past or need.id in offer.past
    return fails


def _any_shared(_: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> bool:
    return bool(marked(need, question.id) & marked(offer, question.id))


def _overlaps(questionnaire: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> bool:
    minutes = shared_minutes(questionnaire, question, need, offer, on)
    return minutes is not None and minutes >= cast(Overlap, question.match).min_minutes


def _steady(_: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> bool:
    match = cast(Steady, question.match)
    months = cast(Mapping[str, int], offer.answers.get(question.id, {}))
    starred = need.stars.get(match.with_, NOTHING)
    says_what_she_lived = match.with_ in offer.answers
    lived = {one for one in starred if one in (marked(offer, match.with_) if says_what_she_lived else months)}
    if not starred:
        return True
    if match.each and lived != starred:
        return False
    return bool(lived) and all(one in months and months[one] >= match.min_months for one in lived)


def _differs(questionnaire: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> bool:
    if "yes" not in marked(need, cast(Differs, question.match).when):
        return True
    hers, theirs = values(question, need), values(question, offer)
    if question.kind == "text":
        return bool(hers) and bool(theirs) and not any(a in b or b in a for a in hers for b in theirs)
    return bool(hers) and bool(theirs) and not hers & theirs


def _excludes(_: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> bool:
    other = cast(Excludes, question.match).with_
    she_cannot = marked(need, question.id) & marked(offer, other)
    supporter_cannot = marked(offer, question.id) & marked(need, other)
    return not she_cannot and not supporter_cannot


def _musts_hold(questionnaire: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> bool:
    return all(wish_holds(questionnaire, wish, need, offer) for wish in wishes_of(question, need, "must"))


Gate = Callable[[Questionnaire, Question, Need, Offer, date], bool]
_GATES: Mapping[type, Gate] = {
    AnyShared: _any_shared,
    Overlap: _overlaps,
    Steady: _steady,
    Differs: _differs,
    Excludes: _excludes,
    Wishes: _musts_hold,
}


def wish_holds(questionnaire: Questionnaire, wish: Option, need: Need, offer: Offer) -> bool:
    """Say whether the supporter is what this wish asks for; what is unknown does not hold."""
    question = questionnaire.by_id[str(wish.of)]
    hers, theirs = values(question, need), values(question, offer)
    if wish.has is not None:
        return wish.has in theirs
    if not hers or not theirs:
        return False
    if question.kind == "number":
        return bool(abs(next(iter(hers)) - next(iter(theirs))) <= wish.within)
    if question.kind == "scale" or question.match.rule == "closeness":
        steps = question.option_ids.index(next(iter(hers))) - question.option_ids.index(next(iter(theirs)))
        return abs(steps) <= wish.within
    return bool(hers & theirs)


def shared_minutes(questionnaire: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> int | None:
    """Count the minutes of the week of this date in which both could meet; None where either is unknown."""
    if left_out(need, question.id) or left_out(offer, question.id):
        return None
    if not need.time_zone or not offer.time_zone:
        return None
    hers = cast(frozenset[int], need.answers[question.id])
    if _only_when_safe(questionnaire, need, offer):
        hers &= need.safe_hours
    theirs = cast(frozenset[int], offer.answers[question.id])
    her_clock = _on_the_wall(need.time_zone, need.time_zone, on)
    their_clock = _on_the_wall(offer.time_zone, need.time_zone, on)
    return 15 * sum(a in hers and b in theirs for a, b in zip(her_clock, their_clock, strict=True))


def _only_when_safe(questionnaire: Questionnaire, need: Need, offer: Offer) -> bool:
    for question in questionnaire.question:
        outside = {option.id for option in question.options if option.outside}
        if outside:
            return marked(need, question.id) & marked(offer, question.id) <= outside
    return False


@lru_cache(maxsize=4096)
def _on_the_wall(zone: str, her_zone: str, on: date) -> tuple[int, ...]:
    """Read one zone's half-hour of the week at each quarter-hour of the woman's own local week that holds the date."""
    monday = on - timedelta(days=on.weekday())
    early = datetime.combine(monday, time(0), UTC) - timedelta(days=2)
    moments = [early + timedelta(minutes=15 * quarter) for quarter in range(11 * 24 * 4)]
    hers = [at for at in moments if 0 <= (at.astimezone(ZoneInfo(her_zone)).date() - monday).days < 7]
    walls = [at.astimezone(ZoneInfo(zone)) for at in hers]
    return tuple(wall.weekday() * 48 + wall.hour * 2 + (wall.minute >= 30) for wall in walls)
