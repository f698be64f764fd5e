"""A score in plain words, in three voices: for the woman who asks, for the supporter, for the coordinator.

All three tell the same facts. She hears at most three things that they share and one honest gap, never a number, and
only what the supporter has agreed to show. The supporter hears what is hoped for now. The coordinator hears everything.
"""

from collections.abc import Iterator
from typing import Literal

from matcher.explanations.counterfactuals import changes_to_be_first
from matcher.explanations.messages import Message
from matcher.grains import GRAINS_A_POINT
from matcher.people import Need, Offer
from matcher.questionnaire.schema import (
    AnyShared,
    Closeness,
    Coverage,
    Excludes,
    Overlap,
    Question,
    Questionnaire,
    Wishes,
)
from matcher.ranking.results import Candidate, Standing
from matcher.rules.comparison import Fact
from matcher.rules.gates import can_be_remedied

Voice = Literal["requester", "supporter", "coordinator"]
VOICES: tuple[Voice, ...] = ("requester", "supporter", "coordinator")
MOST_SHARED = 3
DETAILS = {
    "shared",
    "safe_times",
    "never_safe",
    "further",
    "minutes",
    "minutes_alone",
    "missing",
    "related",
    "steps",
    "not_known",
    "wish_not_known",
}
"""Messages to the coordinator that belong to the one above them."""


def explain(voice: Voice, need: Need, offer: Offer, standing: Standing, questionnaire: Questionnaire) -> list[Message]:
    """Explain one pair in one voice. Why a pair is ruled out, only the coordinator hears."""
    if voice == "coordinator":
        return list(_to_coordinator(standing, questionnaire))
    if standing.gates:
        return [Message("not_proposed")]
    if voice == "requester":
        return _to_requester(offer, standing.candidate, questionnaire)
    return list(_to_supporter(need, standing.candidate))


def reasons(candidate: Candidate) -> list[Message]:
    """List what speaks for a candidate, question by question."""
    return [message for fact in candidate.facts for message in _reasons(fact)]


def gaps(candidate: Candidate) -> list[Message]:
    """List what is missing or not known of a candidate, question by question."""
    return [message for fact in candidate.facts for message in _gaps(fact)]


def strongest_reasons(candidate: Candidate, most: int) -> list[Message]:
    """List what speaks for a candidate in the questions that earn her most."""
    ordered = sorted(candidate.facts, key=lambda fact: -_earned(fact, candidate))
    return [message for fact in ordered if _earned(fact, candidate) for message in _reasons(fact)][:most]


def costliest_gaps(candidate: Candidate, most: int) -> list[Message]:
    """List what is missing or not known in the questions that cost her most."""
    ordered = sorted(candidate.facts, key=lambda fact: -_lost(fact, candidate))
    told = [message for fact in ordered for message in _gaps(fact)]
    to_ask = [message for message in told if message.key == "exclusion_not_known"]
    return [*to_ask, *(message for message in told if message not in to_ask)][: max(most, len(to_ask))]


def _safe_times(fact: Fact, *, to_supporter: bool) -> Iterator[Message]:
    """Yield at which of her hours contact outside the site is safe for her, or that it never is."""
    narrowed = fact.narrowed
    if narrowed is not None:
        hours = narrowed.their_hours if to_supporter else narrowed.her_hours
        values = {"question": narrowed.question.id, "options": list(narrowed.ways)}
        yield Message("safe_times", {**values, "hours": hours}) if hours else Message("never_safe", values)


def _reasons(fact: Fact) -> Iterator[Message]:
    if fact.minutes:
        said = {"question": fact.question.id, "minutes": fact.minutes}
        yield Message("minutes", {**said, "times": list(fact.times)}) if fact.times else Message("minutes_alone", said)
    yield from _safe_times(fact, to_supporter=False)
    if fact.steps:
        yield from [_of(fact, "further", fact.shared)] if fact.shared else ()
    elif fact.shared:
        yield _of(fact, "shared", fact.shared)


def _gaps(fact: Fact) -> Iterator[Message]:
    if not fact.known:
        key = "exclusion_not_known" if isinstance(fact.question.match, Excludes) else "not_known"
        yield Message(key, {"question": fact.question.id})
    if fact.steps is not None and fact.missing:
        yield Message("steps", {"question": fact.question.id, "steps": abs(fact.steps)})
    elif not isinstance(fact.question.match, AnyShared):
        lacking = tuple(option for option in fact.missing if option not in fact.siblings)
        yield from [_of(fact, "missing", lacking)] if lacking else ()
    if fact.siblings:
        yield _of(fact, "related", fact.siblings)
    if fact.unknown:
        yield _of(fact, "wish_not_known", fact.unknown)


def _of(fact: Fact, key: str, options: tuple[str, ...]) -> Message:
    return Message(key, {"question": fact.question.id, "options": list(options)})


# To the woman who asks


def _to_requester(offer: Offer, candidate: Candidate, questionnaire: Questionnaire) -> list[Message]:
    weighed = sorted(candidate.facts, key=lambda fact: -_earned(fact, candidate))
    shared = [message for fact in weighed for message in _shared_with_her(fact, offer, questionnaire)]
    return [*shared[:MOST_SHARED], *_honest_gap(offer, candidate, questionnaire)]


def _earned(fact: Fact, candidate: Candidate) -> int:
    return sum(line.grains for line in candidate.lines if line.line.question_id == fact.question.id)


def _lost(fact: Fact, candidate: Candidate) -> int:
    lines = (line for line in candidate.lines if line.line.question_id == fact.question.id)
    return sum(line.line.maximum - line.grains for line in lines)


def _shared_with_her(fact: Fact, offer: Offer, questionnaire: Questionnaire) -> Iterator[Message]:
    if isinstance(fact.question.match, Overlap):
        if fact.times and _is_shown(fact.question, offer, questionnaire):
            yield Message("her_times", {"question": fact.question.id, "times": list(fact.times)})
    elif isinstance(fact.question.match, Wishes):
        for option in fact.shared:
            if _is_shown(questionnaire.by_id[fact.question.option(option).of or ""], offer, questionnaire):
                yield _of(fact, "her_shared", (option,))
    elif fact.shared and _is_shown(fact.question, offer, questionnaire):
        further = fact.steps and not (fact.question.words and fact.question.words.shared)
        yield (
            Message("her_further", {"question": fact.question.id}) if further else _of(fact, "her_shared", fact.shared)
        )


def _is_shown(question: Question, offer: Offer, questionnaire: Questionnaire) -> bool:
    """Say whether a supporter has agreed to show an answer: what is sensitive only if her card opens it."""
    if not question.sensitive:
        return True
    opened = offer.marks(questionnaire.card) if questionnaire.card else frozenset()
    card = questionnaire.by_id[questionnaire.card].options if questionnaire.card else ()
    return any(option.of == question.id for option in card if option.id in opened)


def _honest_gap(offer: Offer, candidate: Candidate, questionnaire: Questionnaire) -> list[Message]:
    """Choose the gap that costs most among those that may be told; else say that some things are kept for later."""
    lacking = [fact for fact in candidate.facts if _lost(fact, candidate) > 0]
    lacking.sort(key=lambda fact: -_lost(fact, candidate))
    told = [message for fact in lacking for message in _gap_for_her(fact, offer, questionnaire)]
    return told[:1] or [Message("her_keeps")] * bool(lacking)


def _gap_for_her(fact: Fact, offer: Offer, questionnaire: Questionnaire) -> Iterator[Message]:
    match fact.question.match:
        case Wishes():
            for option in fact.missing:
                if not questionnaire.by_id[fact.question.option(option).of or ""].sensitive:
                    yield _of(fact, "her_missing", (option,))
        case _ if not _is_shown(fact.question, offer, questionnaire):
            return
        case Overlap():
            yield Message("her_few_hours", {"question": fact.question.id})
        case Coverage() | Closeness() if fact.missing:
            yield _of(fact, "her_missing", fact.missing)
        case _:
            yield Message("her_not_said", {"question": fact.question.id})


# To the supporter


def _to_supporter(need: Need, candidate: Candidate) -> Iterator[Message]:
    for fact in candidate.facts:
        question = fact.question
        match question.match:
            case Coverage():
                told = _told_of(question, need)
                if told:
                    yield Message("hoped", {"question": question.id, "options": told})
            case AnyShared() if fact.shared:
                yield _of(fact, "hoped", fact.shared)
            case Overlap() if fact.times:
                yield Message("both_free", {"question": question.id, "times": list(fact.times)})
                yield from _safe_times(fact, to_supporter=True)


def _told_of(question: Question, need: Need) -> list[str]:
    """Tell what she starred; without stars, what she marked, unless it is sensitive."""
    marked, starred = need.marks(question.id), need.stars.get(question.id, frozenset())
    told = starred if question.sensitive else starred or marked
    return [option for option in question.option_ids if option in told]


# To the coordinator


def _to_coordinator(standing: Standing, questionnaire: Questionnaire) -> Iterator[Message]:
    yield _headline(standing)
    for gate, verdict in standing.gates.items():
        yield Message("gate_unknown" if verdict == 2 else "gate_fails", {"gate": gate})
    for fact in standing.candidate.facts:
        if fact.question.part is None:
            yield from (*_reasons(fact), *_gaps(fact))
    for part in standing.candidate.parts:
        points, of = part.grains / GRAINS_A_POINT, part.of / GRAINS_A_POINT
        yield Message("part", {"part": part.part, "points": points, "of": of})
        for fact in standing.candidate.facts:
            if fact.question.part == part.part:
                yield from (*_reasons(fact), *_gaps(fact))
    yield from _place(standing, questionnaire)


def _headline(standing: Standing) -> Message:
    candidate = standing.candidate
    values = {"offer": candidate.offer, "need": standing.need, "points": candidate.points, "known": candidate.known}
    if standing.gates:
        return Message("ruled_out", values)
    return Message("stands", {**values, "place": standing.place, "places": standing.places})


def _place(standing: Standing, questionnaire: Questionnaire) -> Iterator[Message]:
    if standing.gates:
        if not all(can_be_remedied(gate, questionnaire) for gate in standing.gates):
            return
        yield Message("would_stand", {"place": standing.place, "places": standing.places})
    elif standing.place == 1:
        yield Message("is_first")
    elif standing.first is not None:
        changes = changes_to_be_first(standing.candidate, standing.first)
        behind = (standing.first.grains - standing.candidate.grains) / GRAINS_A_POINT
        yield Message("would_be_first", {"changes": changes}) if changes else Message("far_behind", {"points": behind})
