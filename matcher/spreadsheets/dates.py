"""Dates as people write them: a form such as dd/mm/yyyy or d mmmm yyyy, with months in English and French.

A day is read in the contract's own form last of all, and refused where nobody can have meant it.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from matcher.errors import BadAnswer
from matcher.questionnaire.answers import NONE_OF_THESE
from matcher.text import folded

FIRST_YEAR = 1990
"""Before it lie the days 0 of computers (1900, 1904, 1970, 1980), which programs write where there is no day."""
YEARS = 10
"""Nobody waits so long, and nothing about a supporter holds longer unseen: another digit of the year was meant."""

_MONTHS = (
    *("january janvier jan janv", "february fevrier feb fev fevr", "march mars mar", "april avril apr avr"),
    *("may mai", "june juin jun", "july juillet jul juil", "august aout aug", "september septembre sep sept"),
    *("october octobre oct", "november novembre nov", "december decembre dec"),
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_FIELDS = {
    **{"yyyy": r"(?P<y>\d{4})", "yy": r"(?P<y>\d{2})", "mmmm": r"(?P<n>[a-z]+)\.?", "mmm": r"(?P<n>[a-z]+)\.?"},
    **{
        "mm": r"(?P<m>\d{1,2})",
        "m": r"(?P<m>\d{1,2})",
        "dd": r"(?P<d>\d{1,2})",
        "d": r"(?P<d>\d{1,2})(?:st|nd|rd|th|er)?",
    },
}
_TIME = r"(?:[ ,t]+(?:at |a )?\d{1,2}[:h]\d{2}.*)?"
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})" + _TIME)


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str] | None:
    """Turn a form into a pattern; None where it does not name day, month and year once each."""
    pieces = re.findall(r"y+|m+|d+|[^ymd]+", form.strip().lower())
    if any(piece[0] in "ymd" and piece not in _FIELDS for piece in pieces):
        return None
    if sorted(piece[0] for piece in pieces if piece[0] in "ymd") != ["d", "m", "y"]:
        return None
    return re.compile("".join(_FIELDS.get(piece) or _between(piece) for piece in pieces) + _TIME)


def _between(piece: str) -> str:
    return " *".join(map(re.escape, piece.split(" ")))


@dataclass(frozen=True)
class DateForm:
    """One way to write dates. A time of day behind the date is left off; year-month-day is always understood."""

    form: str

    @classmethod
    def of(cls, form: str) -> "DateForm":
        """Make a form that is_form has approved."""
        return cls(form)

    @staticmethod
    def is_form(form: str) -> bool:
        """Say whether this names a day, a month and a year, once each."""
        return _pattern(form) is not None

    def read(self, text: str) -> date | None:
        """Read a date; None where the text is not one.

        >>> DateForm("dd/mm/yyyy").read("23/11/2026 10:15:00")
        datetime.date(2026, 11, 23)
        >>> DateForm("d mmmm yyyy").read("1er août 2026")
        datetime.date(2026, 8, 1)
        """
        return _found(_ISO.fullmatch(folded(text))) or _found((_pattern(self.form) or _ISO).fullmatch(folded(text)))


def _found(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    fields = found.groupdict()
    month = _NUMBERS.get(fields["n"], 0) if "n" in fields else int(fields["m"])
    year = int(fields["y"]) + (2000 if len(fields["y"]) == 2 else 0)
    try:
        return date(year, month, int(fields["d"]))
    except ValueError:
        return None


# Days of the contract


def read_date(text: str) -> date | None:
    """Read a day; None where the cell is blank or `-`. Raises BadAnswer."""
    if text in ("", NONE_OF_THESE):
        return None
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadAnswer("day.not_a_date") from None


def read_past(text: str, on: date | None) -> date | None:
    """Read the day of a last match, over on a date (None: whenever). Raises BadAnswer."""
    day = _read_believed(text)
    if day and on and day > on:
        raise BadAnswer("day.match_to_come", on=on)
    return day


def read_wait(text: str, on: date | None) -> date | None:
    """Read the day since when somebody waits on a date. Raises BadAnswer."""
    day = _read_believed(text)
    if day and on and day > on:
        raise BadAnswer("day.waits_from_later", on=on)
    if day and on and _some_years_after(day) <= _some_years_after(on, 0):
        raise BadAnswer("day.waits_too_long", on=on)
    return day


def read_until(text: str, on: date | None) -> date | None:
    """Read the last day on which something holds, as seen on a date. Raises BadAnswer."""
    day = _read_believed(text)
    if day and on and _some_years_after(day, 0) > _some_years_after(on):
        raise BadAnswer("day.too_far_ahead", on=on)
    return day


def _read_believed(text: str) -> date | None:
    day = read_date(text)
    if day and day.year < FIRST_YEAR:
        raise BadAnswer("day.before_belief", year=FIRST_YEAR)
    return day


def _some_years_after(day: date, years: int = YEARS) -> tuple[int, int, int]:
    """Return year, month and day, for comparing; the calendar need not have such a day."""
    return day.year + years, day.month, day.day
