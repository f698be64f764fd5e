"""What keeps everybody from a woman: the minimal sets of one or two gates that rule out at least one supporter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.people import Need, longest_waiting_first
from matcher.ranking.gate_counts import Gatekeeper
from matcher.ranking.roster import Roster
from matcher.rules.gates import can_be_remedied

MOST_GATES = 2
Gates = tuple[str, ...]


@dataclass(frozen=True)
class Obstacle:
    """A set of gates that, open together, would let `offers` in to `needs`, for whom nobody passes.

    `protects`: at least one of them keeps somebody safe. It is counted, and never an obstacle to remove.
    """

    gates: Gates
    needs: tuple[str, ...]
    offers: tuple[str, ...]
    protects: bool


def obstacles(roster: Roster, needs: Sequence[Need]) -> tuple[Obstacle, ...]:
    """List what keeps everybody from the women for whom nobody passes; what may be remedied first, then most women.

    A pair of gates counts for a woman only where neither of the two alone would let somebody in.
    """
    keeper, found = Gatekeeper(roster), dict[Gates, tuple[list[str], set[str]]]()
    for need in sorted(needs, key=longest_waiting_first):
        for gates, offers in nearest(keeper, need).items():
            women, let_in = found.setdefault(gates, ([], set()))
            women.append(need.id)
            let_in.update(offers)
    listed = (
        Obstacle(gates, tuple(women), tuple(sorted(let_in)), protects(gates, roster))
        for gates, (women, let_in) in found.items()
    )
    return tuple(sorted(listed, key=lambda one: (one.protects, -len(one.needs), len(one.gates), one.gates)))


def nearest(keeper: Gatekeeper, need: Need) -> dict[Gates, list[str]]:
    """Return the minimal sets of at most MOST_GATES gates that keep somebody from her, and whom; none if one passes."""
    failed = keeper.failed(need)
    if len(failed) < keeper.roster.columns_.count:
        return {}
    found = dict[frozenset[str], list[str]]()
    for offer, gates in failed.items():
        if len(gates) <= MOST_GATES:
            found.setdefault(gates, []).append(offer)
    return {tuple(sorted(gates)): offers for gates, offers in found.items() if not any(one < gates for one in found)}


def protects(gates: Iterable[str], roster: Roster) -> bool:
    """Say whether one of these gates keeps somebody safe."""
    return not all(can_be_remedied(gate, roster.questionnaire) for gate in gates)
