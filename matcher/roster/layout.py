"""Which facts of a supporter the roster keeps, as a questionnaire's rules need them, and how they are read off offers.

A fact is a bit (a bitmap), or one of a few small numbers: eight bits of one question together, or a step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from matcher.availability import A_WEEK
from matcher.people import Offer
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
    """Which bitmaps and columns the roster keeps for one questionnaire, and the place of each."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.small = [one for question in questionnaire.question for one in _small_of(question)]
        self.texts = [q.id for q in self._compared if q.kind in ("text", "number")]
        self._marked = {q.id: q for q in self._compared if q.kind in ("choice", "choices", "scale", "yes_no")}
        self._hours = questionnaire.hours.id if questionnaire.hours else None
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
        yield from (ACTIVE, STATUS_UNKNOWN, FREE, HOURS_KNOWN)
        for question in self._marked.values():
            yield from (f"{question.id}={option}" for option in question.option_ids)
            yield f"{question.id}="
        for question in self.questionnaire.with_rule("gate:steady"):
            yield from (f"{question.id}={option}" for option in question.option_ids)
            yield from (f"{question.id}=={option}" for option in question.option_ids)

    def read(self, offers: Sequence[Offer]) -> Read:
        """Read all facts of some offers at once."""
        bits = np.zeros((len(self.place_of), len(offers)), dtype=bool)
        small = np.zeros((len(self.small), len(offers)), dtype=np.uint16)
        self._read_state(offers, bits)
        for question in self.questionnaire.question:
            if question.id in self._marked or self.small_of[question.id]:
                self._read_marks(question, offers, bits, small)
            elif isinstance(question.match, Steady):
                self._read_months(question, question.match, offers, bits)
        return Read(bits, self._read_hours(offers), [o.time_zone for o in offers], small, self._values(offers))

    def _read_state(self, offers: Sequence[Offer], bits: Bits) -> None:
        bits[self.place_of[ACTIVE]] = [offer.status == "active" for offer in offers]
        bits[self.place_of[STATUS_UNKNOWN]] = [offer.status is None for offer in offers]
        bits[self.place_of[FREE]] = [offer.load < offer.capacity for offer in offers]
        bits[self.place_of[HOURS_KNOWN]] = [
            self._hours in offer.answers and offer.time_zone is not None for offer in offers
        ]

    def _read_marks(self, question: Question, offers: Sequence[Offer], bits: Bits, small: Small) -> None:
        answers = [offer.answers.get(question.id) for offer in offers]
        answered = np.array([answer is not None for answer in answers], dtype=bool)
        has = _marks(answers, {option: place for place, option in enumerate(question.option_ids)})
        if question.id in self._marked:
            first = self.place_of[f"{question.id}="] - len(has)
            bits[first : first + len(has)] = has
            bits[first + len(has)] = answered
        for place in self.small_of[question.id]:
            small[place] = self.small[place].read(has, answered)

    def _read_months(self, question: Question, rule: Steady, offers: Sequence[Offer], bits: Bits) -> None:
        said = [cast(Mapping[str, int], offer.answers.get(question.id) or {}) for offer in offers]
        place_of = {option: place for place, option in enumerate(question.option_ids)}
        enough = [[option for option, number in months.items() if number >= rule.min_months] for months in said]
        first = self.place_of[f"{question.id}={question.option_ids[0]}"]
        bits[first : first + len(place_of)] = _marks(enough, place_of)
        bits[first + len(place_of) : first + 2 * len(place_of)] = _marks(said, place_of)

    def _read_hours(self, offers: Sequence[Offer]) -> Bits:
        answers = [offer.answers.get(self._hours) if self._hours else None for offer in offers]
        return _marks(answers, range(A_WEEK))

    def _values(self, offers: Sequence[Offer]) -> dict[str, list[Any]]:
        return {
            LOAD: [offer.load for offer in offers],
            ROOM: [_room(offer) for offer in offers],
            LAST_MATCHED: [offer.last_matched.toordinal() if offer.last_matched else 0 for offer in offers],
            **{name: [_last_day(offer, name) for offer in offers] for name in UNTIL},
            **{question: [comparable(offer.answers.get(question)) for offer in offers] for question in self.texts},
        }


def _marks(answers: Sequence[Any], place_of: Mapping[str, int] | range) -> Bits:
    """Write what is marked as bits, shape (options, supporters); what is no option is passed over."""
    has = np.zeros((len(place_of) + 1, len(answers)), dtype=bool)
    lengths = np.fromiter((len(answer) if answer else 0 for answer in answers), dtype=np.intp, count=len(answers))
    flat = chain.from_iterable(answer for answer in answers if answer)
    places = flat if isinstance(place_of, range) else (place_of.get(option, -1) for option in flat)
    has[np.fromiter(places, dtype=np.intp, count=int(lengths.sum())), np.repeat(np.arange(len(answers)), lengths)] = (
        True
    )
    return has[:-1]


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
