"""Adding planes up: how many of them each supporter stands in, counted for 64 supporters at once.

A count is kept bit by bit, each bit a plane: the sum of three bits is one bit here and one carried (a full adder).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.planes import A_WORD, Plane, Rows

_AT_ONCE = 4096
"""Words that are added up at once: small enough for the processor to keep at hand."""


@dataclass(frozen=True)
class Count:
    """One whole number a supporter: planes of its binary digits, the lowest first, shape (digits, words)."""

    digits: NDArray[np.uint64]

    def at(self, rows: Rows) -> NDArray[np.int64]:
        """Return the numbers of these rows."""
        words, shifts = rows >> 6, (rows & (A_WORD - 1)).astype(np.uint64)
        numbers = np.zeros(len(rows), dtype=np.int64)
        for digit, plane in enumerate(self.digits):
            numbers |= (plane.take(words) >> shifts & np.uint64(1)).astype(np.int64) << digit
        return numbers

    def fewer_than(self, number: int) -> Plane:
        """Say whose number is lower; bits beyond the last supporter say nothing."""
        lower = np.zeros(self.digits.shape[1], dtype=np.uint64)
        if number.bit_length() > len(self.digits):
            return ~lower
        for digit, plane in enumerate(self.digits):
            lower = ~plane | lower if number >> digit & 1 else lower & ~plane
        return lower


def add_up(planes: Sequence[Sequence[Plane]], words: int) -> Count:
    """Add planes up; those of the sequence i count 2**i each.

    >>> one, both = np.array([1], np.uint64), np.array([3], np.uint64)
    >>> add_up([[one, both], [both]], 1).at(np.array([0, 1])).tolist()
    [4, 3]
    """
    blocks = [_added([[plane[start : start + _AT_ONCE] for plane in level] for level in planes])
              for start in range(0, words, _AT_ONCE)]  # fmt: skip
    digits = max(map(len, blocks), default=0)
    counted = np.zeros((digits, words), dtype=np.uint64)
    for number, block in enumerate(blocks):
        for digit, plane in enumerate(block):
            counted[digit, number * _AT_ONCE : number * _AT_ONCE + len(plane)] = plane
    return Count(counted)


def _added(levels: list[list[Plane]]) -> list[Plane]:
    """Reduce each level to one plane, and carry what is over to the next."""
    digits: list[Plane] = []
    level: list[Plane] = []
    above = [list(level) for level in levels]
    while level or any(above):
        level = [*level, *above.pop(0)] if above else level
        if not level:
            digits.append(np.zeros_like(next(plane for later in above for plane in later)))
            continue
        digit, level = _reduced(level)
        digits.append(digit)
    return digits


def _reduced(level: list[Plane]) -> tuple[Plane, list[Plane]]:
    total, carried = level[0], []
    pairs = zip(level[1::2], level[2::2], strict=False)
    for one, other in pairs:
        either = total ^ one
        carried.append((total & one) | (either & other))
        total = either ^ other
    if len(level) % 2 == 0:
        carried.append(total & level[-1])
        total = total ^ level[-1]
    return total, carried
