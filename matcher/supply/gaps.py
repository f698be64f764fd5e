"""Which combinations of topic, language, hours and place are brought by nobody, or by a single supporter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from matcher.people import Need, longest_waiting_first
from matcher.ranking.gate_counts import Gatekeeper
from matcher.ranking.roster import Roster
from matcher.roster.bitmaps import Bitmap
from matcher.supply.demands import Demand, demands, who_brings, who_is_free

Combination = tuple[Demand, ...]
Numbers = tuple[int, ...]


@dataclass(frozen=True)
class Gap:
    """A combination, the women who ask for it (longest waiting first), and the only supporter who brings it, if any."""

    combination: Combination
    needs: tuple[Need, ...]
    supporter: str | None = None


@dataclass(frozen=True)
class Gaps:
    """What nobody brings, and what hangs on one supporter alone: the most women first, then the longest waits."""

    lacking: tuple[Gap, ...]
    single: tuple[Gap, ...]


def gaps(roster: Roster, needs: Sequence[Need]) -> Gaps:
    """Find the minimal combinations that no supporter, or a single one, brings.

    Only supporters who are active, in date and have a free place count. A combination holds at most one demand of each
    question. It is minimal if every part of it is brought by somebody (by several, for `single`).
    """
    keeper, asked = Gatekeeper(roster), dict[Demand, int]()
    behind = dict[Numbers, list[Need]]()
    for need in sorted(needs, key=longest_waiting_first):
        for numbers in _combinations_of(need, roster, asked):
            behind.setdefault(numbers, []).append(need)
    things = list(asked)
    brought = [_as_bits(who_brings(keeper, demand)) for demand in things]
    bits: dict[Numbers, int] = {(): _as_bits(who_is_free(keeper))}
    lacking, single = [], []
    for numbers in sorted(behind, key=len):
        smaller = [bits[numbers[:i] + numbers[i + 1 :]] for i, _ in enumerate(numbers)]
        found = bits[numbers] = smaller[-1] & brought[numbers[-1]] if numbers else bits[numbers]
        combination, women = tuple(things[number] for number in numbers), tuple(behind[numbers])
        if not found and all(smaller):
            lacking.append(Gap(combination, women))
        elif found.bit_count() == 1 and not any(one.bit_count() == 1 for one in smaller):
            single.append(Gap(combination, women, roster.columns_.offers[found.bit_length() - 1].id))
    return Gaps(_ordered(lacking, roster), _ordered(single, roster))


def _combinations_of(need: Need, roster: Roster, asked: dict[Demand, int]) -> Iterator[Numbers]:
    """Yield all combinations of a need's demands, at most one of each question, by size, the empty one first.

    Demands are numbered in `asked` as they come up. Every part of a combination is another one of the same need, so
    whoever brings it is known when the larger one is looked at.
    """
    listed = demands(need, roster.questionnaire).values()
    numbered = [[asked.setdefault(demand, len(asked)) for demand in of_question] for of_question in listed]
    for size in range(len(numbered) + 1):
        for chosen in combinations(numbered, size):
            yield from product(*chosen)


def _as_bits(bitmap: Bitmap) -> int:
    """Read a bitmap as one whole number: bit r is the supporter of row r."""
    return int.from_bytes(bitmap.tobytes(), "little")


def _ordered(found: Sequence[Gap], roster: Roster) -> tuple[Gap, ...]:
    return tuple(sorted(found, key=lambda one: (-len(one.needs), -_days(one, roster), one.combination)))


def _days(gap: Gap, roster: Roster) -> int:
    return sum((roster.on - need.waiting_since).days for need in gap.needs if need.waiting_since)
