"""A dated stream: requests with the day on which each arrived, supporters with the days on which they came and left."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from matcher.errors import BadAnswer, Fault, Place, Refused
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Questionnaire
from matcher.spreadsheets.dates import read_date
from matcher.spreadsheets.people import People, read_needs, read_offers

ARRIVED, JOINED, LEFT = "arrived", "joined", "left"
FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST = timedelta(days=3_660)
AFTERWARDS = timedelta(weeks=4)
"""How long a replay goes on after the last request, unless it is told a last day."""


@dataclass(frozen=True)
class Arrival:
    """One request: the day on which it arrived, and the one on which she stopped waiting, where that is known.

    The id of the need is the person's: she may ask several times, each time with answers of her own.
    """

    need: Need
    arrived: date
    left: date | None = None

    @property
    def key(self) -> tuple[str, date]:
        """Tell this request from the others of the same person."""
        return self.need.id, self.arrived


@dataclass(frozen=True)
class Presence:
    """One supporter: her first day, None where she was there before; the day from which on she takes nobody new."""

    offer: Offer
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True)
class Stream:
    """Requests by day, then id; supporters by id. `first` and `last` are None where there is no request."""

    requests: tuple[Arrival, ...]
    supporters: tuple[Presence, ...]
    first: date | None
    last: date | None

    @property
    def days(self) -> Iterator[date]:
        """Go through the days of the replay."""
        if self.first and self.last:
            yield from (self.first + timedelta(days=day) for day in range((self.last - self.first).days + 1))


# Reading


def read_sheets(requests: Path, offers: Path, questions: Questionnaire, ignore_extra: bool) -> tuple[People, People]:
    """Read both sheets with their days; what cannot be read is among the faults of each."""
    hers = {ARRIVED: _needed_day, LEFT: _day}
    theirs = {JOINED: _day, LEFT: _day}
    needs = read_needs(requests, questions, on=None, ignore_extra=ignore_extra, also=hers, may_repeat=True)
    if needs.columns and ARRIVED not in needs.columns:
        missing = Fault(Place(requests.name, row=1), "stream.no_column", column=ARRIVED)
        needs = replace(needs, faults=(missing, *needs.faults))
    people = read_offers(offers, questions, ignore_extra=ignore_extra, also=theirs)
    return _each_day_once(requests, _in_order(requests, needs, ARRIVED)), _in_order(offers, people, JOINED)


def _day(text: str) -> date | None:
    day = read_date(text)
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadAnswer("stream.beyond_years", first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _needed_day(text: str) -> date:
    day = _day(text)
    if day is None:
        raise BadAnswer("stream.day_missing")
    return day


def _in_order(path: Path, people: People, come: str) -> People:
    """Refuse who left before she came; the days of bad cells are None."""
    faults = [
        Fault(Place(path.name, id=person.id, column=LEFT, value=str(days[LEFT])), key, day=days[come])
        for person, days in zip(people.everyone, people.also, strict=True)
        if days[LEFT] and days.get(come) and days[LEFT] < days[come]
        for key in ["stream.left_before_arriving" if come == ARRIVED else "stream.left_before_joining"]
    ]
    return replace(people, faults=(*people.faults, *faults))


def _each_day_once(path: Path, needs: People) -> People:
    """Refuse a person's second request of the same day; which of the two counts cannot be known."""
    asked = Counter((need.id, days[ARRIVED]) for need, days in _with_days(needs) if need.id and days[ARRIVED])
    faults = [
        Fault(Place(path.name, id=person, column=ARRIVED, value=str(day)), "stream.twice_a_day")
        for (person, day), count in asked.items()
        if count > 1
    ]
    return replace(needs, faults=(*needs.faults, *faults))


# From sheets to a stream


def as_stream(needs: People, offers: People, until: date | None = None) -> Stream:
    """Lay two sheets without faults out as a stream up to a last day (default: four weeks after the last request).

    Who arrives later is left out. Raises Refused where the days make no sense together.
    """
    requests = sorted(_arrivals(needs), key=lambda one: (one.arrived, one.need.id))
    supporters = tuple(sorted(_presences(offers), key=lambda one: one.offer.id))
    if not requests:
        return Stream((), supporters, None, None)
    first, last = requests[0].arrived, until or requests[-1].arrived + AFTERWARDS
    faults = list(_faults_of_span(requests, first, last))
    if faults:
        raise Refused(faults)
    return Stream(tuple(one for one in requests if one.arrived <= last), supporters, first, last)


def _arrivals(needs: People) -> Iterable[Arrival]:
    for need, days in _with_days(needs):
        yield Arrival(replace(need, waiting_since=days[ARRIVED]), days[ARRIVED], days[LEFT])


def _presences(offers: People) -> Iterable[Presence]:
    for offer, days in _with_days(offers):
        yield Presence(offer, days[JOINED], days[LEFT])


def _with_days(people: People) -> Iterable[tuple[Any, Mapping[str, Any]]]:
    return zip(people.everyone, people.also, strict=True)


def _faults_of_span(requests: Sequence[Arrival], first: date, last: date) -> Iterator[Fault]:
    if last < first:
        yield Fault(Place(until=last), "stream.ends_before_it_begins", first=first)
    if last - first > LONGEST:
        place = Place(column=ARRIVED, of_request=requests[0].need.id)
        yield Fault(place, "stream.too_long", first=first, last=last)
