"""Kinds of supporter who could be recruited: derived from what the women ask for, merged, and made up as supporters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from matcher.people import Need, Offer
from matcher.questionnaire.schema import AnyShared, Coverage, Overlap, Question, Questionnaire, Steady
from matcher.rules.wishes import looks_at, marked
from matcher.supply.demands import Demand, day_parts, demands, hours_of_all, in_file_order
from matcher.text import comparable

Kind = tuple[Demand, ...]
MOST_TOPICS, MOST_PARTS = 4, 3
"""What two kinds that become one may ask for together of each question: more would be nobody whom one could find."""


def kind_for(need: Need, questionnaire: Questionnaire, asked: Mapping[Demand, int]) -> Kind:
    """Derive the kind that would fit one woman best: her topics, her hours, her town if it must differ, her musts.

    Of the languages (and of all questions where one answer in common is enough) the one that most women share.
    """
    found: list[Demand] = []
    for question, listed in demands(need, questionnaire).items():
        if isinstance(questionnaire.by_id[question].match, AnyShared):
            each = (Demand(question, (option,)) for option in listed[0].options)
            found.append(max(each, key=lambda one: asked[one]))
        else:
            found += [replace(one, is_starred=False) for one in listed]
    return _ordered({*found, *_musts(need, questionnaire)}, questionnaire)


def _ordered(asked: Iterable[Demand], questionnaire: Questionnaire) -> Kind:
    """Put demands in the order of the questionnaire."""
    place = {question.id: number for number, question in enumerate(questionnaire.question)}
    return tuple(sorted(asked, key=lambda demand: (place[demand.question], demand)))


def how_often(needs: Iterable[Need], questionnaire: Questionnaire) -> Counter[Demand]:
    """Count how many women could be met by each single answer to a question where one in common is enough."""
    return Counter(
        Demand(question.id, (option,))
        for need in needs
        for question in questionnaire.with_rule("gate:any_shared")
        for option in need.marks(question.id)
    )


def _musts(need: Need, questionnaire: Questionnaire) -> Iterator[Demand]:
    for question in questionnaire.with_rule("wishes"):
        for option in marked(need, question, "must"):
            about = looks_at(option, questionnaire)
            if option.has is not None:
                yield Demand(about.id, (option.has,))
            elif about.kind in ("text", "number"):
                yield from [Demand(about.id, text=str(need.answers[about.id]))] if about.id in need.answers else ()
            else:
                yield from (Demand(about.id, (one,)) for one in in_file_order(about, need.marks(about.id))[:1])


def merged(kinds: Sequence[Kind], questionnaire: Questionnaire) -> Iterator[Kind]:
    """Make one kind of two that differ in topics and hours alone, where what they ask for together is not too much."""
    for one, other in combinations(kinds, 2):
        both = {*one, *other}
        topics = Counter(demand.question for demand in both if _is_mergeable(demand, questionnaire))
        rest = {demand for demand in both if not _is_mergeable(demand, questionnaire)}
        hours = _one_of_hours([demand for demand in rest if _is_hours(demand, questionnaire)], questionnaire)
        same = {demand for demand in rest if not _is_hours(demand, questionnaire)}
        if hours is not None and max(topics.values(), default=0) <= MOST_TOPICS and same <= {*one} & {*other}:
            yield _ordered((both - rest) | same | {*hours}, questionnaire)


def _one_of_hours(listed: Sequence[Demand], questionnaire: Questionnaire) -> tuple[Demand, ...] | None:
    """Join the hours of two kinds that follow the same clock; None where they do not, or are too many."""
    if len({(demand.question, demand.zone) for demand in listed}) > 1:
        return None
    if len(listed) < 2:
        return tuple(listed)
    question = questionnaire.by_id[listed[0].question]
    named = {part for demand in listed for part in demand.options}
    parts = tuple(part for part in day_parts(question) if part in named)
    beside = tuple(sorted({slot for demand in listed for slot in demand.beside}))
    if len(parts) > MOST_PARTS:
        return None
    return (Demand(question.id, parts, beside=beside, zone=listed[0].zone),)


def _is_mergeable(demand: Demand, questionnaire: Questionnaire) -> bool:
    question = questionnaire.by_id[demand.question]
    return isinstance(question.match, Coverage) and question.stars > 0 and question.kind == "choices"


def _is_hours(demand: Demand, questionnaire: Questionnaire) -> bool:
    return isinstance(questionnaire.by_id[demand.question].match, Overlap)


def as_offer(kind: Kind, offer_id: str, questionnaire: Questionnaire, needs: Sequence[Need]) -> Offer:
    """Make up a supporter of a kind: active, in date, one free place, long enough steady; the rest is not known."""
    answers: dict[str, Any] = {}
    zone = "UTC"
    for question in questionnaire.question:
        asked = [demand for demand in kind if demand.question == question.id]
        if asked:
            answers[question.id] = _answer(question, asked, needs)
            zone = next((demand.zone for demand in asked if demand.zone), zone)
    for question in questionnaire.with_rule("gate:steady"):
        assert isinstance(question.match, Steady)
        lived = answers.get(question.match.with_, frozenset())
        answers[question.id] = dict.fromkeys(sorted(lived), question.match.min_months)
    return Offer(id=offer_id, answers=answers, time_zone=zone)


def _answer(question: Question, asked: Sequence[Demand], needs: Sequence[Need]) -> Any:
    options = in_file_order(question, (option for demand in asked for option in demand.options))
    if isinstance(question.match, Overlap):
        (hours,) = asked
        return hours_of_all(question, hours.options) | frozenset(hours.beside)
    if any(demand.differs for demand in asked):
        return _elsewhere(question, frozenset(options), needs)
    if question.kind == "text":
        return asked[0].text
    if question.kind == "number":
        return Decimal(asked[0].text)
    return frozenset(options if question.kind == "choices" else options[:1])


def _elsewhere(question: Question, options: frozenset[str], needs: Sequence[Need]) -> Any:
    """Answer unlike these women: a town that nobody named, a number that nobody has, an option that is not hers."""
    theirs = [comparable(need.answers[question.id]) for need in needs if question.id in need.answers]
    if question.kind == "number":
        return max((number for number in theirs if number is not None), default=Decimal(0)) + 1
    if question.kind == "text":
        named = frozenset("".join(text for text in theirs if text))
        return next(letter for letter in map(chr, range(0x4E00, 0x9FFF)) if letter not in named)
    return frozenset([one for one in question.option_ids if one not in options][:1])
