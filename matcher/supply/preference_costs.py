"""What each wish, star and answer of one woman costs her: how many supporters are open to her with and without it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from matcher import availability
from matcher.people import Need
from matcher.questionnaire.schema import AnyShared, Differs, Excludes, Overlap, Question, Steady
from matcher.ranking.gate_counts import Gatekeeper
from matcher.ranking.roster import Roster
from matcher.rules.wishes import marked
from matcher.supply.demands import looking_at

Variant = Literal["must", "nice", "left_out", "star", "plain", "as_said", "open"]
"""How one thing may be said: a wish as must, nice or not at all, a star or none, an answer as it is or any."""


@dataclass(frozen=True)
class Open:
    """How many supporters pass every gate for her, and the best score among them in grains; None where nobody does."""

    passing: int
    best: int | None


@dataclass(frozen=True)
class Preference:
    """One thing that she said: which variant it is (`said`), and what is open to her with it and with each other."""

    question: str
    option: str | None
    said: Variant
    ways: Mapping[Variant, Open]


@dataclass(frozen=True)
class Safe:
    """A gate that keeps her or somebody else safe, never to be given up: how many it keeps away, and how many alone."""

    gate: str
    away: int
    alone: int


@dataclass(frozen=True)
class Preferences:
    """What one woman's wishes and answers cost, and apart from them what keeps her safe."""

    need: str
    now: Open
    costs: tuple[Preference, ...]
    safe: tuple[Safe, ...]


def preferences(roster: Roster, need: Need) -> Preferences:
    """Work out what each must, nice wish, star and answer of hers costs, and what keeps her safe.

    Each is changed alone, everything else as she said it: a wish is made nice, a must or left out, a star taken away,
    her languages (and every question where one in common is enough) and her hours opened wide. A star that is an input
    of a gate:steady is among what keeps her safe.
    """
    said = open_to(roster, need)
    return Preferences(need.id, said, tuple(_costs(roster, need, said)), tuple(_safe(roster, need)))


def open_to(roster: Roster, need: Need) -> Open:
    """Count who passes every gate for a need, and find the best score."""
    scored = roster.scored(need)
    return Open(len(scored.rows), int(scored.grains.max()) if len(scored.rows) else None)


def _costs(roster: Roster, need: Need, said: Open) -> Iterator[Preference]:
    for question in roster.questionnaire.question:
        match question.match:
            case AnyShared() if need.marks(question.id):
                wide = _answering(need, question, frozenset(question.option_ids))
                yield Preference(question.id, None, "as_said", {"as_said": said, "open": open_to(roster, wide)})
            case Overlap() if need.hours(question.id) is not None:
                wide = _answering(need, question, availability.ALWAYS)
                yield Preference(question.id, None, "as_said", {"as_said": said, "open": open_to(roster, wide)})
            case _ if question.match.rule == "wishes":
                yield from _wishes(roster, need, question, said)
            case _ if not any(True for _ in looking_at(question, roster.questionnaire, Steady)):
                yield from _stars(roster, need, question, said)


def _answering(need: Need, question: Question, answer: Any) -> Need:
    return replace(need, answers={**need.answers, question.id: answer})


def _wishes(roster: Roster, need: Need, question: Question, said: Open) -> Iterator[Preference]:
    strengths: Any = need.answers.get(question.id, {})
    others: tuple[Variant, ...]
    for strength, others in (("must", ("nice", "left_out")), ("nice", ("must", "left_out"))):
        for option in marked(need, question, strength):
            ways: dict[Variant, Open] = {"must" if strength == "must" else "nice": said}
            for other in others:
                left = {one: how for one, how in strengths.items() if one != option.id}
                changed = left if other == "left_out" else {**left, option.id: other}
                ways[other] = open_to(roster, _answering(need, question, changed))
            yield Preference(question.id, option.id, "must" if strength == "must" else "nice", ways)


def _stars(roster: Roster, need: Need, question: Question, said: Open) -> Iterator[Preference]:
    starred = need.stars.get(question.id, frozenset())
    for option in (option for option in question.option_ids if option in starred):
        plain = replace(need, stars={**need.stars, question.id: starred - {option}})
        yield Preference(question.id, option, "star", {"star": said, "plain": open_to(roster, plain)})


def _safe(roster: Roster, need: Need) -> Iterator[Safe]:
    failed = Gatekeeper(roster).failed(need)
    rules = (Steady, Differs, Excludes)
    questions = [question.id for question in roster.questionnaire.question if isinstance(question.match, rules)]
    for gate in ("never", "past", *questions):
        away = [gates for gates in failed.values() if gate in gates]
        if away:
            yield Safe(gate, len(away), sum(len(gates) == 1 for gates in away))
