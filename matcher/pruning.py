"""The best few of many, without scoring everybody in full: who cannot reach the k-th score any more is dropped.

It is exact. The heaviest lines are scored first. A few who are strong in them are scored in full, and the k-th best of
those is a score that the k-th best of all has at least. Whoever stays below it, even if she earned all of the rest, is
not among the best, and ties at the k-th place are never dropped.
"""

from collections.abc import Sequence

import numpy as np

from matcher.columns import Columns
from matcher.grains import Grains
from matcher.meeting import Encounter
from matcher.planes import Rows
from matcher.scoring import Line, NeedInGrains

WORTH_PRUNING = 256
"""Below so many survivors for each one shown, scoring all of them is quicker than choosing."""
SAMPLED = 8
"""So many for each one shown are scored in full for the lower bound."""


def strongest(encoded: NeedInGrains, encounter: Encounter[Columns], rows: Rows, top: int) -> tuple[Rows, Grains]:
    """Return at least all of the `top` best of these rows, ties included, with their scores, shapes (kept,)."""
    lines = sorted(encoded.lines, key=lambda line: -line.full)
    grains = np.zeros(len(rows), dtype=np.int64)
    for number, line in enumerate(lines):
        grains += line.earned(encounter, rows)
        rest = lines[number + 1 :]
        if rest and len(rows) >= WORTH_PRUNING * top:
            least = _least_of_the_best(grains, rest, encounter, rows, top)
            kept = np.flatnonzero(grains >= least - sum(one.full for one in rest))
            rows, grains = rows[kept], grains[kept]
    return rows, grains


def _least_of_the_best(
    grains: Grains, rest: Sequence[Line], encounter: Encounter[Columns], rows: Rows, top: int
) -> int:
    """Return a score that at least `top` of the rows reach."""
    sample = np.argpartition(grains, len(rows) - SAMPLED * top)[len(rows) - SAMPLED * top :]
    full = grains[sample] + sum(line.earned(encounter, rows[sample]) for line in rest)
    return int(np.partition(full, len(full) - top)[len(full) - top])
