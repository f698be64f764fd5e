"""The best few of many, without scoring everybody in full: who cannot reach the k-th score any more is dropped.

It is exact. Planes alone tell what each can earn at most (ceilings.py). A few who can earn most are scored in full, and
the k-th best of those is a score that the k-th best of all has at least. Whoever cannot reach it is not among the best,
and ties at the k-th place are never dropped.
"""

import numpy as np

from matcher import planes
from matcher.ceilings import ceiling, highest
from matcher.columns import Columns
from matcher.grains import Grains
from matcher.meeting import Encounter
from matcher.planes import Plane, Rows
from matcher.scoring import NeedInGrains

WORTH_PRUNING = 256
"""Below so many survivors for each one shown, scoring all of them is quicker than choosing."""
SAMPLED = 8
"""So many for each one shown are scored in full for the lower bound."""


def strongest(encoded: NeedInGrains, encounter: Encounter[Columns], among: Plane, top: int) -> tuple[Rows, Grains]:
    """Return at least all of the `top` best of some, ties included, with their scores, shapes (kept,)."""
    columns = encounter.columns
    if planes.size(among) >= WORTH_PRUNING * top:
        among = _within_reach(encoded, encounter, among, top)
    rows = planes.rows_of(among, columns.count)
    return rows, encoded.total(encounter, rows)


def _within_reach(encoded: NeedInGrains, encounter: Encounter[Columns], among: Plane, top: int) -> Plane:
    """Leave those alone who can earn what the last of the best earns."""
    over = ceiling(encoded.lines)
    if over is None:
        return among
    units = over.count(encounter.columns)
    sample = planes.rows_of(highest(units, among, SAMPLED * top), encounter.columns.count)
    least = int(np.partition(encoded.total(encounter, sample), len(sample) - top)[len(sample) - top])
    return among & ~units.fewer_than(over.units_for(least))
