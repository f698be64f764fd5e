"""Names of time zones: places of the IANA database, and what to write instead of words that are none.

Only a place tells when its clocks change. EST is an IANA name, too, and means Panama, all year; who writes it means
Toronto or New York, and would meet somebody an hour beside from March to November.
"""

import re
from functools import lru_cache
from importlib import resources

from matcher.errors import NOTHING, BadAnswer
from matcher.hints import did_you_mean
from matcher.text import folded

_IN_UTC = frozenset(["Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"])
_NO_PLACES = frozenset(
    [
        *("EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "CET", "MET", "EET", "WET"),
        *("GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Factory"),
    ]
)
_DISTANCE = re.compile(r"(?:etc/)?(?:gmt|utc)? ?[+-]\d{1,2}(?::?\d\d)?")
_EASTERN = "America/Toronto America/New_York"
_CENTRAL = "America/Winnipeg America/Chicago; America/Regina"
_MOUNTAIN = "America/Edmonton America/Denver; America/Phoenix"
_PACIFIC = "America/Vancouver America/Los_Angeles"
_MEANT = {
    word: places
    for words, places in {  # after a semicolon, the place without summer time
        "newfoundland nst ndt terre-neuve hnt": "America/St_Johns",
        "atlantic ast adt atlantique hna haa": "America/Halifax",
        "eastern est edt et est5edt hne hae": _EASTERN,
        "central cst cdt ct cst6cdt centre hnc hac": _CENTRAL,
        "mountain mst mdt mt mst7mdt rocheuses hnr har": _MOUNTAIN,
        "pacific pst pdt pt pst8pdt pacifique hnp hap": _PACIFIC,
        "alaska akst akdt": "America/Anchorage",
        "hawaii hst": "Pacific/Honolulu",
        "gmt gmt0 greenwich bst": "Europe/London Europe/Dublin; UTC",
        "wet": "Europe/Lisbon Atlantic/Canary",
        "cet cest met": "Europe/Paris Europe/Berlin; Africa/Tunis",
        "eet eest": "Europe/Athens Europe/Helsinki; Africa/Tripoli",
        "ist": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
        "aest aedt": "Australia/Sydney; Australia/Brisbane",
        "nzst nzdt": "Pacific/Auckland",
    }.items()
    for word in words.split()
}


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(name for name in names if name in _IN_UTC or not name.startswith("Etc/")) - _NO_PLACES


def is_zone(name: str) -> bool:
    """Say whether this is the IANA name of a place, or UTC."""
    return name in _zones()


def refusal_of(name: str) -> BadAnswer:
    """Say what is wrong with a name that is no zone, and what to write instead."""
    typed = folded(name)
    if _DISTANCE.fullmatch(typed):
        return BadAnswer("time_zone.distance")
    hint = did_you_mean([name], _zones())
    words = [typed, *(word for word in re.findall(r"[\w-]+", typed) if len(word) > 2)]
    meant = next((_MEANT[word] for word in words if word in _MEANT), None)
    if meant is None or hint is not NOTHING:
        return BadAnswer("time_zone.not_one", hint=hint)
    places, _, steady = meant.partition("; ")
    if steady:
        return BadAnswer("time_zone.no_place_or_steady", places=places.split(), steady=steady)
    return BadAnswer("time_zone.no_place", places=places.split())
