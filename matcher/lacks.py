"""Which combinations of topic, language, hours and place are brought by nobody, or by a single supporter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from matcher.demands import Demand, demands, free_offers, who_brings
from matcher.market import longest_waiting_first
from matcher.people import Need
from matcher.ranking import Roster

Combination = tuple[Demand, ...]


@dataclass(frozen=True)
class Lack:
    """A combination, the women who ask for it (longest waiting first), and the only supporter who brings it, if any."""

    combination: Combination
    needs: tuple[Need, ...]
    supporter: str | None = None


@dataclass(frozen=True)
class Lacks:
    """What nobody brings, and what hangs on one supporter alone: the most women first, then the longest waits."""

    lacking: tuple[Lack, ...]
    single: tuple[Lack, ...]


def lacks(roster: Roster, needs: Sequence[Need]) -> Lacks:
    """Find the smallest combinations that no supporter, or a single one, brings.

    Only supporters who are active, in date and have a free place count. A combination holds at most one thing of each
    question. It is told only if all that is smaller is brought by somebody (by several, for `single`).
    """
    free = free_offers(roster)
    behind = dict[Combination, list[Need]]()
    for need in sorted(needs, key=longest_waiting_first):
        for combination in combinations_of(need, roster):
            behind.setdefault(combination, []).append(need)
    one_thing = sorted({demand for combination in behind for demand in combination})
    brought = {demand: _as_bits(free, who_brings(roster, demand)) for demand in one_thing}
    everyone = (1 << len(free)) - 1

    def bits(combination: Combination) -> int:
        found = everyone
        for demand in combination:
            found &= brought[demand]
        return found

    lacking, single = [], []
    for combination, women in behind.items():
        found = bits(combination)
        smaller = [bits(combination[:i] + combination[i + 1 :]) for i, _ in enumerate(combination)]
        if not found and all(smaller):
            lacking.append(Lack(combination, tuple(women)))
        elif found.bit_count() == 1 and not any(one.bit_count() == 1 for one in smaller):
            single.append(Lack(combination, tuple(women), free[found.bit_length() - 1]))
    return Lacks(_ordered(lacking, roster), _ordered(single, roster))


def combinations_of(need: Need, roster: Roster) -> Iterator[Combination]:
    """Go through all that she could ask for at once: at most one thing of each question, nothing at all first."""
    listed = list(demands(need, roster.questionnaire).values())
    for size in range(len(listed) + 1):
        for chosen in combinations(listed, size):
            yield from product(*chosen)


def _as_bits(free: Sequence[str], offers: frozenset[str]) -> int:
    return sum(1 << number for number, offer in enumerate(free) if offer in offers)


def _ordered(found: Sequence[Lack], roster: Roster) -> tuple[Lack, ...]:
    return tuple(sorted(found, key=lambda one: (-len(one.needs), -_days(one, roster), one.combination)))


def _days(lack: Lack, roster: Roster) -> int:
    return sum((roster.on - need.waiting_since).days for need in lack.needs if need.waiting_since)
