"""Days and hours in words, by the clock of whoever reads them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask_babel import gettext as _

from webapp.ui import language

DESK_ZONE = "America/Toronto"
"""The clock of the desk; women and supporters have their own."""
PATTERNS = {"en": "EEEE, MMMM d", "fr": "EEEE d MMMM"}
LOCALES = {"en": "en", "fr": "fr_CA"}


def say_day(day: date | datetime, zone: str = DESK_ZONE) -> str:
    """Say a day: its name, number and month."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    spoken = language.current()
    return format_date(day, PATTERNS[spoken], locale=LOCALES[spoken])


def say_moment(moment: datetime, zone: str = DESK_ZONE) -> str:
    """Say a day with its hour."""
    hour = format_time(moment.astimezone(ZoneInfo(zone)), "short", locale=LOCALES[language.current()])
    return str(_("%(day)s at %(hour)s", day=say_day(moment, zone), hour=hour))
