"""Bitmaps: one bit a supporter for each yes or no, 64 supporters to a word, so that 64 are judged by one operation.

Bits beyond the last supporter are 0 in every bitmap that is kept; whoever inverts a bitmap masks them out again.
Bitmaps are added in bit slices (vertical counters): each binary digit of the sums is a bitmap, made by full adders.
After O'Neil and Quass, Improved query performance with variant indexes, SIGMOD 1997 (bit-sliced indexes).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Bitmap = NDArray[np.uint64]
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


def pack(bits: Bits) -> Bitmap:
    """Pack one yes or no a supporter, shape (..., supporters), in words, shape (..., words).

    >>> pack(np.array([True, False, True])).tolist()
    [5]
    """
    packed = np.zeros((*bits.shape[:-1], words_for(bits.shape[-1]) * 8), dtype=np.uint8)
    packed[..., : -(-bits.shape[-1] // 8)] = np.packbits(bits, axis=-1, bitorder="little")
    return packed.view(_WORD)


def unpack(bitmap: Bitmap, count: int) -> Bits:
    """Unpack words to one yes or no for each of so many supporters."""
    return np.unpackbits(bitmap.view(np.uint8), axis=-1, count=count, bitorder="little").view(np.bool_)


def everyone(count: int) -> Bitmap:
    """Return the bitmap in which all of so many supporters stand, and nobody beyond them."""
    bitmap = np.full(words_for(count), ~np.uint64(0), dtype=_WORD)
    if count % A_WORD:
        bitmap[-1] = (_ONE << np.uint64(count % A_WORD)) - _ONE
    return bitmap


def bitmap_of(rows: Iterable[int], count: int) -> Bitmap:
    """Return the bitmap in which these rows alone stand."""
    bits = np.zeros(count, dtype=bool)
    bits[list(rows)] = True
    return pack(bits)


def size(bitmap: Bitmap) -> int:
    """Count who stands in a bitmap."""
    return int(np.bitwise_count(bitmap).sum(dtype=np.int64))


def rows_of(bitmap: Bitmap, count: int) -> Rows:
    """List who stands in a bitmap of so many supporters, ascending."""
    return np.flatnonzero(unpack(bitmap, count)).astype(np.int64, copy=False)


def at(bitmap: Bitmap, rows: Rows) -> Bits:
    """Say which of these rows stand in a bitmap, shape (rows,); of bitmaps stacked, shape (bitmaps, rows)."""
    bits: Bits = (bitmap[..., rows >> 6] >> (rows & 63).astype(np.uint64) & _ONE).astype(bool)
    return bits


def reordered(words: NDArray[np.uint64], rows: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Return stacked bitmaps, shape (bitmaps, words), of some supporters alone, in the order of these rows.

    >>> reordered(np.array([[6]], np.uint64), np.array([2, 0, 1])).tolist()
    [[5]]
    """
    made = np.empty((len(words), words_for(len(rows))), dtype=_WORD)
    for bitmap, kept in zip(words, made, strict=True):
        kept[:] = pack(at(bitmap, rows))
    return made


class Bitmaps:
    """Bitmaps of the same supporters, stacked: shape (bitmaps, words), with room for more supporters."""

    def __init__(self, number: int, count: int) -> None:
        self._words = np.zeros((number, words_for(count)), dtype=_WORD)

    def __getitem__(self, number: int) -> Bitmap:
        """Return one bitmap, with all its room."""
        bitmap: Bitmap = self._words[number]
        return bitmap

    @property
    def words(self) -> NDArray[np.uint64]:
        """Return the words of all bitmaps."""
        return self._words

    @property
    def number(self) -> int:
        """Return how many bitmaps there are."""
        return len(self._words)

    @property
    def room(self) -> int:
        """Return how many supporters there is room for."""
        return self._words.shape[1] * A_WORD

    @property
    def nbytes(self) -> int:
        """Return the bytes that the bitmaps take."""
        return self._words.nbytes

    def fill(self, start: int, bits: Bits) -> None:
        """Write the bits of many supporters at once, shape (bitmaps, supporters), from a row that opens a word."""
        packed = pack(bits)
        self._words[:, start // A_WORD : start // A_WORD + packed.shape[1]] = packed

    def merge(self, words: slice, more: NDArray[np.uint64]) -> None:
        """Add bits to all bitmaps, in some words."""
        self._words[:, words] |= more

    def block(self, words: slice) -> NDArray[np.uint64]:
        """Return some words of all bitmaps."""
        block: NDArray[np.uint64] = self._words[:, words]
        return block

    def row(self, row: int) -> Bits:
        """Read one supporter's bits, shape (bitmaps,)."""
        return at(self._words, np.array([row]))[:, 0]

    def put(self, row: int, bits: Bits) -> None:
        """Write one supporter's bits, shape (bitmaps,); nobody else's are touched."""
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
class BitSlicedCounter:
    """One whole number a supporter, bit-sliced: a bitmap for each binary digit, lowest first, shape (digits, words)."""

    digits: NDArray[np.uint64]

    def at(self, rows: Rows) -> NDArray[np.int64]:
        """Return the numbers of these rows."""
        words, shifts = rows >> 6, (rows & (A_WORD - 1)).astype(np.uint64)
        numbers = np.zeros(len(rows), dtype=np.int64)
        for digit, bitmap in enumerate(self.digits):
            numbers |= (bitmap.take(words) >> shifts & np.uint64(1)).astype(np.int64) << digit
        return numbers

    def fewer_than(self, number: int) -> Bitmap:
        """Say whose number is lower; bits beyond the last supporter say nothing."""
        lower = np.zeros(self.digits.shape[1], dtype=np.uint64)
        if number.bit_length() > len(self.digits):
            return ~lower
        for digit, bitmap in enumerate(self.digits):
            lower = ~bitmap | lower if number >> digit & 1 else lower & ~bitmap
        return lower


def add_bitmaps(bitmaps: Sequence[Sequence[Bitmap]], words: int) -> BitSlicedCounter:
    """Add bitmaps up, supporter by supporter; a bit in a bitmap of `bitmaps[i]` counts 2**i.

    >>> one, both = np.array([1], np.uint64), np.array([3], np.uint64)
    >>> add_bitmaps([[one, both], [both]], 1).at(np.array([0, 1])).tolist()
    [4, 3]
    """
    blocks = [_added([[bitmap[start : start + _AT_ONCE] for bitmap in level] for level in bitmaps])
              for start in range(0, words, _AT_ONCE)]  # fmt: skip
    digits = max(map(len, blocks), default=0)
    counted = np.zeros((digits, words), dtype=np.uint64)
    for number, block in enumerate(blocks):
        for digit, bitmap in enumerate(block):
            counted[digit, number * _AT_ONCE : number * _AT_ONCE + len(bitmap)] = bitmap
    return BitSlicedCounter(counted)


def _added(levels: list[list[Bitmap]]) -> list[Bitmap]:
    """Reduce each level to one bitmap, and carry what is over to the next."""
    digits: list[Bitmap] = []
    level: list[Bitmap] = []
    above = [list(level) for level in levels]
    while level or any(above):
        level = [*level, *above.pop(0)] if above else level
        if not level:
            digits.append(np.zeros_like(next(bitmap for later in above for bitmap in later)))
            continue
        digit, level = _reduced(level)
        digits.append(digit)
    return digits


def _reduced(level: list[Bitmap]) -> tuple[Bitmap, list[Bitmap]]:
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
