"""Which columns of the profile vectors the roster keeps, as a questionnaire's rules need them, and how it packs them.

A column becomes a bit (a bitmap), or a part of a small number: up to seven options of one question together, or a step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.availability import A_WEEK
from matcher.people import Offer
from matcher.profiles.encoders import NOT_SAID, Matrix
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Closeness, Coverage, Excludes, Question, Questionnaire, Steady
from matcher.roster.bitmaps import Bits
from matcher.text import comparable

Table = NDArray[np.int64]
Small = NDArray[np.unsignedinteger[Any]]
ACTIVE, STATUS_UNKNOWN, FREE, HOURS_KNOWN = "active", "status=", "free place", "time_zone="
LOAD, ROOM, LAST_MATCHED = "load", "room", "last_matched"
"""Names of bitmaps and columns; no question can have them, nor an id with = in it."""
STRAIN_UNITS = 10_000
UNKNOWN_DAY, NO_SUCH_DAY = -1, np.iinfo(np.int64).max
ANSWERED = 1
"""The bit of a byte that says whether its question was answered."""
_IN_A_BYTE = 7


@dataclass(frozen=True)
class OrdinalCodes:
    """An answer to an ordered question as its code: 0 where it is not known, else the place of the option from 1."""

    question: Question

    def read(self, has: Bits, answered: Bits) -> Small:
        """Turn marks, shape (options, supporters), into small numbers."""
        small: Small = np.where(has.any(axis=0), has.argmax(axis=0) + 1, 0).astype(np.uint16)
        return small


@dataclass(frozen=True)
class PackedOptions:
    """Up to seven options of a coverage question in a byte: bit 0 says whether it was answered, then a bit an option.

    A family stands in one byte; one that is too large is spread, and each of its bytes has a bit "any of the family".
    So the grains of an option are a table of 256, looked up by its byte alone.
    """

    question: Question
    options: tuple[str, ...]
    families: tuple[str, ...] = ()

    def read(self, has: Bits, answered: Bits) -> Small:
        """Turn marks, shape (options, supporters), into bytes."""
        families = [has[_members(self.question, family)].any(axis=0, keepdims=True) for family in self.families]
        bits = np.concatenate([answered[None], has[self._places], *families])
        small: Small = np.packbits(bits, axis=0, bitorder="little")[0]
        return small

    @cached_property
    def _places(self) -> list[int]:
        return [self.question.option_ids.index(option) for option in self.options]

    @cached_property
    def answered(self) -> Bits:
        """Say for which of the 256 bytes the question was answered."""
        return np.arange(256) & ANSWERED > 0

    @cached_property
    def has(self) -> Table:
        """Tell by 1 for which of the 256 bytes each option is marked, shape (options, 256)."""
        return self._any_bit([bit for _, bit, _ in self.bits])

    @cached_property
    def has_sibling(self) -> Table:
        """Tell by 1 for which of the 256 bytes an option is not marked, and another of its family is."""
        return self._any_bit([siblings for *_, siblings in self.bits]) * (1 - self.has)

    @cached_property
    def bits(self) -> list[tuple[str, int, int]]:
        """Return each option with its bit, and the bits of the others of its family."""
        return [(option, 1 << place, self._siblings(option)) for place, option in enumerate(self.options, 1)]

    def _any_bit(self, masks: Sequence[int]) -> Table:
        bits: Table = ((np.arange(256) & np.array(masks)[:, None]) > 0).astype(np.int64)
        return bits

    def _siblings(self, option: str) -> int:
        siblings = self.question.siblings(option)
        family = self.question.option(option).family if self.question.options else None
        mask = sum(1 << place for place, other in enumerate(self.options, 1) if other in siblings)
        return mask + sum(1 << place for place, f in enumerate(self.families, 1 + len(self.options)) if f == family)


class Bit(NamedTuple):
    """Where an option stands: the place of its byte among the small numbers, its bit, and the bits of its siblings."""

    place: int
    bit: int
    siblings: int


@dataclass(frozen=True)
class Read:
    """What was read of some offers: bits by bitmap, local half-hours, small numbers, and values by column."""

    bits: Bits
    hours: Bits
    zones: list[str | None]
    small: Small
    values: Mapping[str, list[Any]]


class Layout:
    """Which bitmaps and columns the roster keeps of the profile vectors of one questionnaire, and the place of each."""

    _state = (ACTIVE, STATUS_UNKNOWN, FREE, HOURS_KNOWN)

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.space = ProfileSpace(questionnaire)
        self.small = [one for question in questionnaire.question for one in _small_of(question)]
        self.texts = [q.id for q in self._compared if q.kind in ("text", "number")]
        self._marked = {q.id: q for q in self._compared if q.kind in ("choice", "choices", "scale", "yes_no")}
        self.place_of = {name: place for place, name in enumerate(self._names())}

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the columns of values."""
        return (LOAD, ROOM, LAST_MATCHED, *UNTIL, *self.texts)

    @cached_property
    def small_of(self) -> Mapping[str, list[int]]:
        """Tell in which columns of small numbers a question stands."""
        return {q.id: [n for n, one in enumerate(self.small) if one.question is q] for q in self.questionnaire.question}

    def bytes_of(self, question: Question) -> tuple[tuple[int, PackedOptions], ...]:
        """Return the bytes that hold a coverage question, each with its place among the columns of small numbers."""
        return self._bytes_of[question.id]

    def bits_of(self, question: Question) -> Mapping[str, "Bit"]:
        """Tell of each option of a coverage question where its bit stands."""
        return self._bits_of[question.id]

    def bitmaps_of(self, question: Question) -> Mapping[str, int]:
        """Tell the place of the bitmap of each option of a coverage question; that of "" is who answered it."""
        return self._bitmaps_of[question.id]

    @cached_property
    def _bitmaps_of(self) -> Mapping[str, Mapping[str, int]]:
        covered = self.questionnaire.with_rule("coverage")
        return {q.id: {option: self.place_of[f"{q.id}={option}"] for option in ("", *q.option_ids)} for q in covered}

    @cached_property
    def _bytes_of(self) -> Mapping[str, tuple[tuple[int, PackedOptions], ...]]:
        held = {
            question: [(place, self.small[place]) for place in places] for question, places in self.small_of.items()
        }
        return {
            question: tuple((place, one) for place, one in ones if isinstance(one, PackedOptions))
            for question, ones in held.items()
        }

    @cached_property
    def _bits_of(self) -> Mapping[str, Mapping[str, "Bit"]]:
        return {
            question: {option: Bit(place, bit, siblings) for place, byte in held for option, bit, siblings in byte.bits}
            for question, held in self._bytes_of.items()
        }

    @cached_property
    def widest(self) -> int:
        """Return the largest small number that can stand in a column."""
        return max([255, *(len(one.question.option_ids) for one in self.small if isinstance(one, OrdinalCodes))])

    @cached_property
    def _compared(self) -> list[Question]:
        """List the questions whose single answers a gate, a wish or an upper bound looks at."""
        named = {q.id for q in self.questionnaire.with_rule("coverage")}
        named |= {q.id for q in self.questionnaire.with_rule("gate:any_shared", "gate:differs", "gate:excludes")}
        named |= {q.match.with_ for q in self.questionnaire.question if isinstance(q.match, Steady)}
        hers = self.questionnaire.asked_of("requester")
        named |= {question.match.with_ for question in hers if isinstance(question.match, Excludes)}
        named |= {option.of for q in self.questionnaire.with_rule("wishes") for option in q.options if option.of}
        return [question for question in self.questionnaire.question if question.id in named]

    def _names(self) -> Iterator[str]:
        yield from self._state
        for question in self._marked.values():
            yield from (f"{question.id}={option}" for option in question.option_ids)
            yield f"{question.id}="
        for question in self.questionnaire.with_rule("gate:steady"):
            yield from (f"{question.id}={option}" for option in question.option_ids)
            yield from (f"{question.id}=={option}" for option in question.option_ids)

    def read(self, offers: Sequence[Offer]) -> Read:
        """Encode some offers and pack what their profile vectors say."""
        profiles = self.space.transform(offers)
        return self.pack(profiles, offers)

    def pack(self, profiles: Matrix, offers: Sequence[Offer]) -> Read:
        """Pack profile vectors, shape (offers, columns), and what stands in no column: state, texts and numbers."""
        columns, zones = profiles.T, [offer.time_zone for offer in offers]
        bits = np.zeros((len(self.place_of), len(offers)), dtype=bool)
        self._pack_state(offers, bits)
        hours = self._pack_hours(columns, zones, bits)
        marked = len(self._state) + len(self._marked_columns)
        bits[len(self._state) : marked] = columns[self._marked_columns] > 0
        self._pack_months(columns, bits[marked:])
        return Read(bits, hours, zones, self._pack_small(columns), self._values(offers))

    def _pack_state(self, offers: Sequence[Offer], bits: Bits) -> None:
        bits[self.place_of[ACTIVE]] = [offer.status == "active" for offer in offers]
        bits[self.place_of[STATUS_UNKNOWN]] = [offer.status is None for offer in offers]
        bits[self.place_of[FREE]] = [offer.load < offer.capacity for offer in offers]

    def _pack_hours(self, columns: Matrix, zones: list[str | None], bits: Bits) -> Bits:
        if self.questionnaire.hours is None:
            return np.zeros((A_WEEK, len(zones)), dtype=bool)
        hours: Bits = columns[self.space.columns_of(self.questionnaire.hours.id)] > 0
        bits[self.place_of[HOURS_KNOWN]] = hours[-1] & np.array([zone is not None for zone in zones], dtype=bool)
        return hours[:-1]

    def _pack_months(self, columns: Matrix, bits: Bits) -> None:
        """Pack for each steady question who told enough months of an option, then who told any."""
        start = 0
        for question in self.questionnaire.with_rule("gate:steady"):
            assert isinstance(question.match, Steady)
            months = columns[self.space.columns_of(question.id)][:-1]
            for tells in (months >= question.match.min_months, months > NOT_SAID):
                bits[start : start + len(tells)] = tells
                start += len(tells)

    def _pack_small(self, columns: Matrix) -> Small:
        small = np.zeros((len(self.small), columns.shape[1]), dtype=np.uint16)
        for place, one in enumerate(self.small):
            marks = columns[self.space.columns_of(one.question.id)] > 0
            small[place] = one.read(marks[:-1], marks[-1])
        return small

    @cached_property
    def _marked_columns(self) -> list[int]:
        spans = [self.space.columns_of(question.id) for question in self._marked.values()]
        return [column for span in spans for column in range(span.start, span.stop)]

    def _values(self, offers: Sequence[Offer]) -> dict[str, list[Any]]:
        return {
            LOAD: [offer.load for offer in offers],
            ROOM: [_room(offer) for offer in offers],
            LAST_MATCHED: [offer.last_matched.toordinal() if offer.last_matched else 0 for offer in offers],
            **{name: [_last_day(offer, name) for offer in offers] for name in UNTIL},
            **{question: [comparable(offer.answers.get(question)) for offer in offers] for question in self.texts},
        }


def _room(offer: Offer) -> tuple[int, int]:
    """Return the room that she has left as a part and its whole: (capacity - load) / capacity x (1 - strain).

    No places, or more load than places, is no room.
    """
    free = STRAIN_UNITS - round(offer.strain * STRAIN_UNITS)
    return max(offer.capacity - offer.load, 0) * free, max(offer.capacity, 1) * STRAIN_UNITS


def _last_day(offer: Offer, name: str) -> int:
    if name not in offer.until:
        return NO_SUCH_DAY
    day = offer.until[name]
    return day.toordinal() if day else UNKNOWN_DAY


def _small_of(question: Question) -> Iterator[OrdinalCodes | PackedOptions]:
    if isinstance(question.match, Closeness):
        yield OrdinalCodes(question)
    if isinstance(question.match, Coverage):
        yield from _bytes_of(question)


def _bytes_of(question: Question) -> Iterator[PackedOptions]:
    """Lay options out in bytes, families together: each unit goes into the first byte that has room for it."""
    filled: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for options, families in _units(question):
        needed = len(options) + len(families)
        for place, (others, more) in enumerate(filled):
            if len(others) + len(more) + needed <= _IN_A_BYTE:
                filled[place] = (others + options, more + families)
                break
        else:
            filled.append((options, families))
    return (PackedOptions(question, *bits) for bits in filled)


def _units(question: Question) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """List what must stand together: an option alone, a family, or some of a large family with its bit."""
    told: set[str] = set()
    for option in question.option_ids:
        together = (option, *question.siblings(option))
        if option in told:
            continue
        told.update(together)
        if len(together) <= _IN_A_BYTE:
            yield together, ()
        else:
            family = str(question.option(option).family)
            yield from ((together[n : n + _IN_A_BYTE - 1], (family,)) for n in range(0, len(together), _IN_A_BYTE - 1))


def _members(question: Question, family: str) -> list[int]:
    return [place for place, option in enumerate(question.options) if option.family == family]
