"""Dates as people write them: a form such as dd/mm/yyyy or d mmmm yyyy, with months in English and French."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from matcher.text import folded

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
