"""The engine's contract (DESIGN.md sections 4 and 5) read slowly and plainly: the oracle of its tests.

One pair at a time, in exact fractions, with nothing of the engine but the shapes of its data. Whatever fast
way the engine takes must give the same gates and the same grains, to the last one. Nothing here is quick.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from matcher.people import Need, Offer, Person
from matcher.questionnaire.schema import Closeness, Coverage, Overlap, Question, Questionnaire
from matcher.questionnaire.weights import HEADROOM, Weights
from tests.matcher.oracles.plain_gates import NOTHING, gates, left_out, marked, shared_minutes, wish_holds, wishes_of

__all__ = ["FULL", "Fit", "gates", "grains", "learn", "ranking", "ranking_by", "real_score", "share_of"]

FULL = 10_000_000
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Fit:
    """What a roster teaches: who is in it, and the count, the rarity and the mean of each option."""

    offers: tuple[Offer, ...]
    counts: Mapping[str, Mapping[str, int]]
    rarities: Mapping[str, Mapping[str, Fraction]]
    means: Mapping[str, Mapping[str, Fraction]]


def learn(questionnaire: Questionnaire, offers: Iterable[Offer]) -> Fit:
    """Learn counts, rarities and means from every offer, full and excluded ones too."""
    fitted = tuple(offers)
    coverage = list(questionnaire.with_rule("coverage"))
    counts = {question.id: _counts(question, fitted) for question in coverage}
    rarities = {question.id: _rarities(question, counts[question.id], len(fitted)) for question in coverage}
    compared = questionnaire.with_rule("coverage", "closeness")
    means = {question.id: _means(question, fitted) for question in compared}
    return Fit(fitted, counts, rarities, means)


def _counts(question: Question, offers: Sequence[Offer]) -> dict[str, int]:
    every = [marked(offer, question.id) for offer in offers]
    return {option: sum(option in theirs for theirs in every) for option in question.option_ids}


def _rarities(question: Question, counts: Mapping[str, int], size: int) -> dict[str, Fraction]:
    if not cast(Coverage, question.match).rarity:
        return dict.fromkeys(question.option_ids, Fraction(1))
    raw = [math.log((1 + size) / (1 + counts[option])) + 1 for option in question.option_ids]
    mean = sum(raw) / len(raw)
    return {option: Fraction(rarity / mean) for option, rarity in zip(question.option_ids, raw, strict=True)}


def _means(question: Question, offers: Sequence[Offer]) -> dict[str, Fraction]:
    who = [offer for offer in offers if is_known(question, offer)]
    if not who:
        return dict.fromkeys(question.option_ids, Fraction(0))
    return {
        option: sum((option_value(question, option, offer) for offer in who), Fraction(0)) / len(who)
        for option in question.option_ids
    }


def is_known(question: Question, offer: Offer) -> bool:
    """Say whether the supporter's answer can be compared: `-` can in coverage, and cannot in closeness."""
    if question.match.rule == "closeness":
        return bool(marked(offer, question.id))
    return not left_out(offer, question.id)


def place_of(question: Question, person: Person) -> int | None:
    """Give the place of the one option that a person chose, None where she has none."""
    chosen = marked(person, question.id)
    return question.option_ids.index(next(iter(chosen))) if chosen else None


def option_value(question: Question, option: str, offer: Offer) -> Fraction:
    """Give what a supporter whose answer is known earns of one option that she marked, from 0 to 1."""
    match = question.match
    if isinstance(match, Closeness):
        further = cast(int, place_of(question, offer)) - question.option_ids.index(option)
        if match.at_least and further > 0:
            return Fraction(1)
        return max(Fraction(0), 1 - match.falloff * abs(further))
    theirs = marked(offer, question.id)
    if option in theirs:
        return Fraction(1)
    family = next((other.family for other in question.options if other.id == option), None)
    has_kin = family and any(other.family == family and other.id in theirs for other in question.options)
    return cast(Coverage, match).family_share if has_kin else Fraction(0)


def shared_out(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Share whole grains out by weight: largest remainder first, the earlier of equal remainders first."""
    whole = sum(weights, Fraction(0))
    if not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    given = [math.floor(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: (given[place] - exact[place], place))
    for place in by_remainder[: total - sum(given)]:
        given[place] += 1
    return given


def rounded(share: int, value: Fraction) -> int:
    """Take a lesser value of a share, rounded half up."""
    return math.floor(share * value + HALF)


def answered(question: Question, need: Need) -> bool:
    """Say whether she gave what this question needs to count in her score."""
    rule = question.match.rule
    if rule == "wishes":
        return bool(wishes_of(question, need, "nice"))
    if rule == "gate:overlap":
        return not left_out(need, question.id) and bool(need.answers[question.id])
    return rule in ("coverage", "closeness") and bool(marked(need, question.id))


def questions_by_part(questionnaire: Questionnaire, weights: Weights, need: Need) -> dict[str, list[Question]]:
    """Group the questions that she answered by part, in the order of the weights; headroom has none."""
    hers = [question for question in questionnaire.question if answered(question, need)]
    grouped = {part: [q for q in hers if getattr(q.match, "part", None) == part] for part in weights.parts}
    return {part: asked for part, asked in grouped.items() if asked or part == HEADROOM}


def share_of(questionnaire: Questionnaire, weights: Weights, need: Need) -> dict[str, int]:
    """Give the grains that each part could bring this need."""
    parts = list(questions_by_part(questionnaire, weights, need))
    return dict(zip(parts, shared_out(FULL, [weights.parts[part] for part in parts]), strict=True))


def grains(
    questionnaire: Questionnaire, weights: Weights, fit: Fit, need: Need, offer: Offer, on: date
) -> dict[str, int]:
    """Give the grains that this offer earns in each part that she answered."""
    shares = share_of(questionnaire, weights, need)
    earned = {}
    for part, questions in questions_by_part(questionnaire, weights, need).items():
        if part == HEADROOM:
            earned[part] = rounded(shares[part], headroom(offer))
            continue
        each = shared_out(shares[part], [Fraction(1)] * len(questions))
        earned[part] = sum(
            _question_grains(questionnaire, question, share, fit, need, offer, on)
            for question, share in zip(questions, each, strict=True)
        )
    return earned


def _question_grains(
    questionnaire: Questionnaire, question: Question, share: int, fit: Fit, need: Need, offer: Offer, on: date
) -> int:
    if question.match.rule not in ("coverage", "closeness"):
        return rounded(share, _plain_value(questionnaire, question, need, offer, on))
    hers = option_weights(question, fit, need)
    each = shared_out(share, list(hers.values()))
    return sum(
        rounded(grains_of_option, _earned(question, option, fit, offer))
        for option, grains_of_option in zip(hers, each, strict=True)
    )


def _earned(question: Question, option: str, fit: Fit, offer: Offer) -> Fraction:
    known = is_known(question, offer)
    return option_value(question, option, offer) if known else fit.means[question.id][option]


def option_weights(question: Question, fit: Fit, need: Need) -> dict[str, Fraction]:
    """Weigh the options that she marked, in file order: star by rarity in coverage; closeness has one."""
    hers = marked(need, question.id)
    if isinstance(question.match, Closeness):
        return dict.fromkeys(hers, Fraction(1))
    stars = need.stars.get(question.id, NOTHING)
    star_weight = cast(Coverage, question.match).star_weight
    return {
        option: (star_weight if option in stars else 1) * fit.rarities[question.id][option]
        for option in question.option_ids
        if option in hers
    }


def _plain_value(questionnaire: Questionnaire, question: Question, need: Need, offer: Offer, on: date) -> Fraction:
    """Give the share of nice wishes that hold, or of the target minutes that both have."""
    if isinstance(question.match, Overlap):
        minutes = shared_minutes(questionnaire, question, need, offer, on) or 0
        return min(Fraction(1), Fraction(minutes, question.match.target_minutes))
    wishes = wishes_of(question, need, "nice")
    held = sum(wish_holds(questionnaire, wish, need, offer) for wish in wishes)
    return Fraction(held, len(wishes))


def headroom(offer: Offer) -> Fraction:
    """Give how much of her room a supporter has left, less what strain takes."""
    if not offer.capacity:
        return Fraction(0)
    free = Fraction(offer.capacity - offer.load, offer.capacity)
    return max(Fraction(0), free * (1 - Fraction(offer.strain)))


def real_score(questionnaire: Questionnaire, weights: Weights, fit: Fit, need: Need, offer: Offer, on: date) -> float:
    """Give 100 * sum W_p * s_p / sum W_p in real numbers, without a grain."""
    top = bottom = 0.0
    for part, questions in questions_by_part(questionnaire, weights, need).items():
        weight = float(weights.parts[part])
        scores = [_real_value(questionnaire, question, fit, need, offer, on) for question in questions]
        value = float(headroom(offer)) if part == HEADROOM else sum(scores) / len(scores)
        top, bottom = top + weight * value, bottom + weight
    return 100 * top / bottom if bottom else 0.0


def _real_value(
    questionnaire: Questionnaire, question: Question, fit: Fit, need: Need, offer: Offer, on: date
) -> float:
    if question.match.rule not in ("coverage", "closeness"):
        return float(_plain_value(questionnaire, question, need, offer, on))
    if is_known(question, offer):
        return _real_likeness(question, fit, need, offer)
    others = [_real_likeness(question, fit, need, other) for other in fit.offers if is_known(question, other)]
    return sum(others) / len(others) if others else 0.0


def _real_likeness(question: Question, fit: Fit, need: Need, offer: Offer) -> float:
    hers = option_weights(question, fit, need)
    lived = sum(float(weight * option_value(question, option, offer)) for option, weight in hers.items())
    return lived / float(sum(hers.values()))


def ranking(
    questionnaire: Questionnaire, weights: Weights, need: Need, offers: Sequence[Offer], on: date
) -> list[tuple[str, int]]:
    """Order the eligible offers: score, then fewer current matches, then longest since the last, then id."""
    return ranking_by(learn(questionnaire, offers), questionnaire, weights, need, offers, on)


def ranking_by(
    fit: Fit, questionnaire: Questionnaire, weights: Weights, need: Need, offers: Sequence[Offer], on: date
) -> list[tuple[str, int]]:
    """Order the eligible offers by what an earlier fit taught."""
    eligible = [offer for offer in offers if not gates(questionnaire, need, offer, on)]
    totals = {o.id: sum(grains(questionnaire, weights, fit, need, o, on).values()) for o in eligible}
    ordered = sorted(eligible, key=lambda o: (-totals[o.id], o.load, o.last_matched or date.min, o.id))
    return [(offer.id, totals[offer.id]) for offer in ordered]
