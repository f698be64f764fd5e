"""Days and hours in words, by the clock of whoever reads them."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from webapp.ui import language
from webapp.ui.language import say as _

DESK_ZONE = "America/Toronto"
"""The clock of the desk; women and supporters have their own."""
DAYS = {"en": "EEEE, MMMM d", "fr": "EEEE d MMMM"}
DATES = {"en": "MMMM d, y", "fr": "d MMMM y"}
LOCALES = {"en": "en", "fr": "fr_CA"}
NO_BREAK = "\u00a0"


def say_day(day: date | datetime, zone: str = DESK_ZONE) -> str:
    """Say a day: its name, number and month."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    return _say(day, DAYS)


def say_date(day: date) -> str:
    """Say a day with its year."""
    return _say(day, DATES)


def _say(day: date, patterns: dict[str, str]) -> str:
    spoken = language.current()
    pattern = patterns[spoken]
    if spoken == "fr" and day.day == 1:
        pattern = pattern.replace("d ", "'1er' ")
    return _written(day, pattern, LOCALES[spoken])


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def say_moment(moment: datetime, zone: str = DESK_ZONE) -> str:
    """Say a day with its hour."""
    return _("%(day)s at %(hour)s") % {"day": say_day(moment, zone), "hour": say_hour(moment, zone)}


def say_hour(moment: datetime, zone: str = DESK_ZONE) -> str:
    """Say an hour."""
    return _say_hour(moment.astimezone(ZoneInfo(zone)))


def say_weekday(moment: datetime, zone: str = DESK_ZONE) -> str:
    """Name the day of the week."""
    return _written(moment.astimezone(ZoneInfo(zone)).date(), "EEEE", LOCALES[language.current()])


def _say_hour(here: datetime) -> str:
    here = here.replace(second=0, microsecond=0)
    if language.current() == "fr":
        return f"{here.hour}{NO_BREAK}h" + (f"{NO_BREAK}{here.minute:02d}" if here.minute else "")
    return _written_hour(here.time())


@lru_cache(maxsize=2048)
def _written_hour(hour: time) -> str:
    return format_time(hour, "short", locale=LOCALES["en"])
