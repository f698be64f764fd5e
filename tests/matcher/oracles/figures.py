"""How far the engine is from the plain reading of its contract, over many invented pairs.

Run as `python -m tests.matcher.oracles.figures --cases N [--seed S]`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from matcher.people import Need, Offer
from matcher.ranking.roster import Roster
from tests.matcher.oracles import plain_reading as plain
from tests.matcher.worlds.generated import World, world

GRAINS_A_POINT = 100_000
SHOWN = 20


@dataclass
class Figures:
    """What was compared, and every difference that was found."""

    cases: int = 0
    scored: int = 0
    rankings: int = 0
    grains: int = 0
    largest_from_formula: float = 0.0
    gates: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def expect(self, what: str, engine: Any, reading: Any) -> None:
        """Note where the engine and the plain reading are not the same."""
        if engine != reading:
            self.differences.append(f"{what}: the engine says {engine}, the plain reading {reading}")


def compare(cases: int, seed: int) -> Figures:
    """Compare the engine with the plain reading on at least this many invented pairs."""
    rng, figures, number = Random(seed), Figures(), 0
    while figures.cases < cases:
        number += 1
        size = 40 if number % 25 == 0 else 9
        invented = world(rng, gated=number % 3 > 0, most_offers=size)
        compare_world(f"seed {seed}, world {number}", invented, figures)
    return figures


def after_the_fit(invented: World) -> tuple[Roster, tuple[Offer, ...]]:
    """Fit a roster, then let offers come, change and go; give it with whom it holds by then."""
    roster = Roster(questionnaire=invented.questionnaire, weights=invented.weights, on=invented.on)
    roster.fit(invented.offers)
    held = {offer.id: offer for offer in invented.offers}
    for offer in invented.later:
        roster.add(offer)
        held[offer.id] = offer
    if len(invented.offers) > 3:
        gone, changed = invented.offers[0], _changed(invented.offers[1], invented.offers[2])
        roster.remove(gone.id)
        roster.update(changed)
        held = {key: offer for key, offer in held.items() if key != gone.id} | {changed.id: changed}
    return roster, tuple(held.values())


def _changed(offer: Offer, other: Offer) -> Offer:
    """Give an offer the answers and the places of another."""
    return Offer(**{**vars(other), "id": offer.id})


def compare_world(name: str, invented: World, figures: Figures) -> None:
    """Compare every ranking of one world."""
    roster, held = after_the_fit(invented)
    for need in invented.needs:
        figures.rankings += 1
        _compare_need(f"{name}, {need.id}", invented, roster, held, need, figures)


def _compare_need(
    name: str, invented: World, roster: Roster, held: Sequence[Offer], need: Need, figures: Figures
) -> None:
    fit = plain.learn(invented.questionnaire, invented.offers)
    offers = {offer.id: offer for offer in held}
    failed = {o.id: plain.gates(invented.questionnaire, need, o, invented.on) for o in held}
    ranking = roster.rank(need, top=None, with_excluded=True)
    figures.cases += len(held)
    figures.gates.update(gate for gates in failed.values() for gate in gates)
    excluded = {who.offer: list(who.gates) for who in ranking.excluded}
    figures.expect(f"{name} gates", excluded, {who: gates for who, gates in failed.items() if gates})
    counted = Counter(gate for gates in failed.values() for gate in gates)
    figures.expect(f"{name} excluded_by", dict(ranking.excluded_by), dict(counted))
    order = plain.ranking_by(fit, invented.questionnaire, invented.weights, need, held, invented.on)
    engine_order = [(candidate.offer, candidate.grains) for candidate in ranking.candidates]
    figures.expect(f"{name} order", engine_order, order)
    for candidate in ranking.candidates:
        _compare_pair(f"{name}, {candidate.offer}", invented, fit, need, offers, candidate, figures)


def _compare_pair(
    name: str,
    invented: World,
    fit: plain.Fit,
    need: Need,
    offers: dict[str, Offer],
    candidate: Any,
    figures: Figures,
) -> None:
    pair = (invented.questionnaire, invented.weights, fit, need, offers[candidate.offer], invented.on)
    of = plain.share_of(invented.questionnaire, invented.weights, need)
    earned = plain.grains(*pair)
    figures.expect(f"{name} grains", {p.part: p.grains for p in candidate.parts if p.of}, _weighed(earned, of))
    figures.expect(f"{name} shares", {p.part: p.of for p in candidate.parts if p.of}, _weighed(of, of))
    figures.scored += 1
    figures.grains += abs(candidate.grains - sum(earned.values()))
    distance = abs(candidate.grains / GRAINS_A_POINT - plain.real_score(*pair))
    figures.largest_from_formula = max(figures.largest_from_formula, distance)


def _weighed(grains: dict[str, int], of: dict[str, int]) -> dict[str, int]:
    return {part: points for part, points in grains.items() if of[part]}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Compare the engine with the plain reading of its contract.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    figures = compare(asked.cases, asked.seed)
    sys.stdout.write("\n".join([*_lines(figures), *figures.differences[:SHOWN], ""]))


def _lines(figures: Figures) -> list[str]:
    counted = {
        "cases (pairs)": figures.cases,
        "of which passed every gate and were scored": figures.scored,
        "rankings": figures.rankings,
        "gates failed": sum(figures.gates.values()),
        "differences": len(figures.differences),
        "differences in grains, summed": figures.grains,
    }
    lines = [f"{what:<45}{number:>12,}" for what, number in counted.items()]
    return [
        *lines,
        f"{'largest difference from the formula, points':<45}{figures.largest_from_formula:>12.7f}",
    ]


if __name__ == "__main__":
    main()
