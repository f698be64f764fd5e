"""Bitmaps: one bit a supporter for each yes or no, 64 supporters to a word, so that 64 are judged by one operation.

Bits beyond the last supporter are 0 in every plane that is kept; whoever turns a plane over takes them out again.
Planes are added up bit by bit, each bit a plane: the sum of three bits is one bit here and one carried (a full adder).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Plane = NDArray[np.uint64]
"""Shape (words,): the supporter of row r is bit r % 64 of word r // 64."""
Rows = NDArray[np.int64]
"""Row numbers, ascending where nothing else is said."""
A_WORD = 64
_WORD = np.dtype("<u8")
_ONE = np.uint64(1)
_AT_ONCE = 4096
"""Words that are added up at once: small enough for the processor to keep at hand."""


def words_for(count: int) -> int:
    """Return how many words hold so many supporters."""
    return -(-count // A_WORD)


def pack(bits: Bits) -> Plane:
    """Pack one yes or no a supporter, shape (..., supporters), in words, shape (..., words).

    >>> pack(np.array([True, False, True])).tolist()
    [5]
    """
    packed = np.zeros((*bits.shape[:-1], words_for(bits.shape[-1]) * 8), dtype=np.uint8)
    packed[..., : -(-bits.shape[-1] // 8)] = np.packbits(bits, axis=-1, bitorder="little")
    return packed.view(_WORD)


def unpack(plane: Plane, count: int) -> Bits:
    """Unpack words to one yes or no for each of so many supporters."""
    return np.unpackbits(plane.view(np.uint8), axis=-1, count=count, bitorder="little").view(np.bool_)


def everyone(count: int) -> Plane:
    """Return the plane in which all of so many supporters stand, and nobody beyond them."""
    plane = np.full(words_for(count), ~np.uint64(0), dtype=_WORD)
    if count % A_WORD:
        plane[-1] = (_ONE << np.uint64(count % A_WORD)) - _ONE
    return plane


def plane_of(rows: Iterable[int], count: int) -> Plane:
    """Return the plane in which these rows alone stand."""
    bits = np.zeros(count, dtype=bool)
    bits[list(rows)] = True
    return pack(bits)


def size(plane: Plane) -> int:
    """Count who stands in a plane."""
    return int(np.bitwise_count(plane).sum(dtype=np.int64))


def rows_of(plane: Plane, count: int) -> Rows:
    """List who stands in a plane of so many supporters, ascending."""
    return np.flatnonzero(unpack(plane, count)).astype(np.int64, copy=False)


def at(plane: Plane, rows: Rows) -> Bits:
    """Say which of these rows stand in a plane, shape (rows,); of planes stacked, shape (planes, rows)."""
    bits: Bits = (plane[..., rows >> 6] >> (rows & 63).astype(np.uint64) & _ONE).astype(bool)
    return bits


def reordered(words: NDArray[np.uint64], rows: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Return stacked planes, shape (planes, words), of some supporters alone, in the order of these rows.

    >>> reordered(np.array([[6]], np.uint64), np.array([2, 0, 1])).tolist()
    [[5]]
    """
    made = np.empty((len(words), words_for(len(rows))), dtype=_WORD)
    for plane, kept in zip(words, made, strict=True):
        kept[:] = pack(at(plane, rows))
    return made


class Planes:
    """Planes of the same supporters, stacked: shape (planes, words), with room for more supporters."""

    def __init__(self, number: int, count: int) -> None:
        self._words = np.zeros((number, words_for(count)), dtype=_WORD)

    def __getitem__(self, number: int) -> Plane:
        """Return one plane, with all its room."""
        plane: Plane = self._words[number]
        return plane

    @property
    def words(self) -> NDArray[np.uint64]:
        """Return the words of all planes."""
        return self._words

    @property
    def number(self) -> int:
        """Return how many planes there are."""
        return len(self._words)

    @property
    def room(self) -> int:
        """Return how many supporters there is room for."""
        return self._words.shape[1] * A_WORD

    @property
    def nbytes(self) -> int:
        """Return the bytes that the planes take."""
        return self._words.nbytes

    def fill(self, start: int, bits: Bits) -> None:
        """Write the bits of many supporters at once, shape (planes, supporters), from a row that opens a word."""
        packed = pack(bits)
        self._words[:, start // A_WORD : start // A_WORD + packed.shape[1]] = packed

    def merge(self, words: slice, more: NDArray[np.uint64]) -> None:
        """Add bits to all planes, in some words."""
        self._words[:, words] |= more

    def block(self, words: slice) -> NDArray[np.uint64]:
        """Return some words of all planes."""
        block: NDArray[np.uint64] = self._words[:, words]
        return block

    def row(self, row: int) -> Bits:
        """Read one supporter's bits, shape (planes,)."""
        return at(self._words, np.array([row]))[:, 0]

    def put(self, row: int, bits: Bits) -> None:
        """Write one supporter's bits, shape (planes,); nobody else's are touched."""
        word, shift = divmod(row, A_WORD)
        if word >= self._words.shape[1]:
            self._words = np.pad(self._words, ((0, 0), (0, max(1, self._words.shape[1]))))
        others = self._words[:, word] & ~(_ONE << np.uint64(shift))
        self._words[:, word] = others | bits.astype(_WORD) << np.uint64(shift)

    def drop(self, row: int, last: int) -> None:
        """Let the last row take the place of a row that leaves."""
        self.put(row, self.row(last))
        self.put(last, np.zeros(self.number, dtype=bool))


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
