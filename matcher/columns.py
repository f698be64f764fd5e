"""The roster column by column: what every supporter said and holds, kept right as they come, change and go."""

import unicodedata
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matcher import availability
from matcher.people import UNTIL, Offer
from matcher.profiles import ProfileSpace

Mask = NDArray[np.bool_]
WORDS = availability.QUARTERS // 64 + 1
"""The common span of 864 quarter-hours packed in words of 64 bits."""
UNKNOWN_DAY, NO_SUCH_DAY = -1, np.iinfo(np.int64).max
ACTIVE, NOT_ACTIVE, STATUS_UNKNOWN = 0, 1, 2
STRAIN_UNITS = 10_000
WEEKS_KEPT = 4


def same_text(text: str) -> str:
    """Reduce a text to what must be equal for two to count as the same: letters and digits, no case, no accents.

    >>> same_text("St. John's"), same_text("Saint-Jérôme")
    ('stjohns', 'saintjerome')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def packed(quarters: Mask) -> NDArray[np.uint64]:
    """Pack quarter-hours, shape (n, 864), in words of 64 bits, shape (n, 14)."""
    padded = np.zeros((len(quarters), WORDS * 64), dtype=bool)
    padded[:, : availability.QUARTERS] = quarters
    return np.packbits(padded, axis=1).view(np.uint64)


class Columns:
    """The facts of all supporters as arrays with one entry each. Rows move when one leaves; ids find them."""

    def __init__(self, space: ProfileSpace, offers: Sequence[Offer]) -> None:
        self.space = space
        self._comparable = [q.id for q in space.questionnaire.question if q.kind in ("text", "number")]
        self._hours = next((q.id for q in space.questionnaire.with_rule("gate:overlap")), None)
        self._arrays = self._rows(offers)
        self._weeks: dict[date, NDArray[np.uint64]] = {}
        self.count = len(offers)
        self.row_of = {offer.id: row for row, offer in enumerate(offers)}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return one named array, an entry for each supporter: load, capacity, strain, last_matched, status, ..."""
        return self._arrays[name][: self.count]

    @property
    def offers(self) -> NDArray[np.object_]:
        """Return the supporters themselves, in row order."""
        return self["offer"]

    @cached_property
    def _names(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.space.get_feature_names_out())}

    def answered(self, question_id: str) -> Mask:
        """Say who answered a question; for text and number see comparable, for an ordered one step."""
        return np.asarray(self._profile(f"{question_id}?") > 0)

    def has(self, question_id: str, option_id: str) -> Mask:
        """Say who marked an option, of any kind that has options."""
        question = self.space.questionnaire.by_id[question_id]
        if question.is_one_step:
            return np.asarray(self.step(question_id) == question.option_ids.index(option_id))
        return np.asarray(self._profile(f"{question_id}={option_id}") > 0)

    def step(self, question_id: str) -> NDArray[np.float32]:
        """Return each supporter's step on an ordered question: below 0 or NaN is not known."""
        return self._profile(question_id)

    def amount(self, question_id: str, option_id: str) -> NDArray[np.float32]:
        """Return the months that each supporter gave for an option, NaN without."""
        return self._profile(f"{question_id}={option_id}")

    def comparable(self, question_id: str) -> NDArray[np.object_]:
        """Return each supporter's text (as same_text) or number; None is not known."""
        return self[f"comparable {question_id}"]

    def _profile(self, name: str) -> NDArray[np.float32]:
        return self._arrays["profile"][: self.count, self._names[name]]

    def put(self, offer: Offer) -> None:
        """Add a supporter, or replace the one of the same id. Does not depend on how many there are."""
        row = self.row_of.setdefault(offer.id, self.count)
        if row == self.count:
            self._make_room()
            self.count += 1
        for name, values in self._rows([offer]).items():
            self._arrays[name][row] = values[0]
        for monday, quarters in self._weeks.items():
            quarters[row] = self._quarters(slice(row, row + 1), monday)[0]

    def drop(self, offer_id: str) -> None:
        """Remove a supporter; the last row takes her place. Raises KeyError."""
        row = self.row_of.pop(offer_id)
        last = self.count - 1
        if row != last:
            for values in (*self._arrays.values(), *self._weeks.values()):
                values[row] = values[last]
            self.row_of[self._arrays["offer"][row].id] = row
        self._arrays["offer"][last] = None
        self.count = last

    def quarters(self, monday: date) -> NDArray[np.uint64]:
        """Return everyone's hours on the common span around a Monday, packed, shape (supporters, 14); kept."""
        if monday not in self._weeks:
            if len(self._weeks) >= WEEKS_KEPT:
                self._weeks.pop(min(self._weeks))
            week = np.zeros((len(self._arrays["offer"]), WORDS), dtype=np.uint64)
            week[: self.count] = self._quarters(slice(0, self.count), monday)
            self._weeks[monday] = week
        return self._weeks[monday][: self.count]

    def only(self, rows: Sequence[int]) -> "Columns":
        """Return the same columns for these rows alone, in this order."""
        few = copy(self)
        few._arrays = {name: values[rows] for name, values in self._arrays.items()}
        few._weeks = {monday: week[rows] for monday, week in self._weeks.items()}
        few.count = len(rows)
        few.row_of = {offer.id: row for row, offer in enumerate(few.offers)}
        return few

    def _make_room(self) -> None:
        size = len(self._arrays["offer"])
        if self.count == size:
            self._arrays = {name: _larger(values) for name, values in self._arrays.items()}
            self._weeks = {monday: _larger(week) for monday, week in self._weeks.items()}

    def _rows(self, offers: Sequence[Offer]) -> dict[str, NDArray[Any]]:
        numbers: Mapping[str, list[int]] = {
            "load": [offer.load for offer in offers],
            "capacity": [offer.capacity for offer in offers],
            "strain": [round(offer.strain * STRAIN_UNITS) for offer in offers],
            "last_matched": [offer.last_matched.toordinal() if offer.last_matched else 0 for offer in offers],
            "status": [_status(offer) for offer in offers],
            **{name: [_last_day(offer, name) for offer in offers] for name in UNTIL},
        }
        return {
            "offer": _objects(offers),
            "profile": np.asfortranarray(self.space.transform(offers)),
            **{name: np.array(values, dtype=np.int64) for name, values in numbers.items()},
            **{f"comparable {q}": _objects([_comparable(offer, q) for offer in offers]) for q in self._comparable},
            "hours_known": np.array([self._knows_hours(offer) for offer in offers], dtype=bool),
        }

    def _knows_hours(self, offer: Offer) -> bool:
        return self._hours in offer.answers and offer.time_zone is not None

    def _quarters(self, rows: slice, monday: date) -> NDArray[np.uint64]:
        """Lay the hours of those whose hours and zone are known on the common clock, zone by zone."""
        offers = self._arrays["offer"][rows]
        common = np.zeros((len(offers), availability.QUARTERS), dtype=bool)
        if self._hours is not None:
            local = self._arrays["profile"][rows, self.space.columns_of(self._hours)][:, :-1] > 0
            zones = np.array([offer.time_zone or "" for offer in offers], dtype=object)
            for zone in set(zones) - {""}:
                common[zones == zone] = availability.on_common_clock(local[zones == zone], zone, monday)
        return packed(common)


def _larger(values: NDArray[Any]) -> NDArray[Any]:
    order: Literal["C", "F"] = "F" if values.flags.f_contiguous else "C"
    larger = np.zeros((max(16, 2 * len(values)), *values.shape[1:]), dtype=values.dtype, order=order)
    larger[: len(values)] = values
    return larger


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _comparable(offer: Offer, question_id: str) -> Any:
    answer = offer.answers.get(question_id)
    return same_text(answer) or None if isinstance(answer, str) else answer


def _status(offer: Offer) -> int:
    if offer.status is None:
        return STATUS_UNKNOWN
    return ACTIVE if offer.status == "active" else NOT_ACTIVE


def _last_day(offer: Offer, name: str) -> int:
    if name not in offer.until:
        return NO_SUCH_DAY
    day = offer.until[name]
    return day.toordinal() if day else UNKNOWN_DAY
