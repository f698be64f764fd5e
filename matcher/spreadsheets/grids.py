"""Grids of times: a heading holds one half of an answer, a day or hours, and the cell below it the other.

`Good times [Monday]` over `18:00-21:00`, `Good times [18:00-21:00]` over `Monday, Friday`, or `[Evenings]` over days.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from matcher import availability
from matcher.availability import DAYS
from matcher.errors import BadAnswer
from matcher.questionnaire.answers import NONE_OF_THESE
from matcher.questionnaire.schema import Question
from matcher.spreadsheets.cells import BadCell, OptionTexts, option_column_writer
from matcher.spreadsheets.column_maps import CellFormat
from matcher.text import folded

_NAMES = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
    "lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6,
    "tues": 1, "thur": 3, "thurs": 3, **{day.lower(): number for number, day in enumerate(DAYS)},
}  # fmt: skip
_CLOCK = re.compile(r"\d{1,2}:\d{2} ?- ?\d{1,2}:\d{2}")


def days_in(text: str) -> tuple[int, ...]:
    """Read a day, or days from one to another, as numbers from Monday, 0; empty where it is neither.

    >>> days_in("Mondays"), days_in("ven. - dim."), days_in("soon")
    ((0,), (4, 5, 6), ())
    """
    ends = [_day(part) for part in folded(text).split("-")]
    if len(ends) > 2 or None in ends:
        return ()
    first, last = int(ends[0] or 0), int(ends[-1] or 0)
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _day(part: str) -> int | None:
    name = part.strip(" .")
    return _NAMES.get(name, _NAMES.get(name.removesuffix("s")))


def half_of(text: str, texts: OptionTexts) -> str | None:
    """Say what a heading holds of an answer: options, days or hours, in one form; None where it is nothing of these.

    >>> from matcher import load_questionnaire
    >>> from matcher.errors import Place
    >>> texts = OptionTexts(load_questionnaire().by_id["availability"], CellFormat(Place(the_map=True)))
    >>> half_of("Tuesdays", texts), half_of("18:00 – 19:00", texts), half_of("weekend mornings", texts)
    ('Tue', '18:00-19:00', 'weekend_morning')
    """
    meanings = texts.items.get(folded(text), frozenset())
    if len(meanings) == 1:
        return "; ".join(next(iter(meanings))) or None
    days = days_in(text)
    if days:
        return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    clock = folded(text).replace(" ", "")
    return clock if _CLOCK.fullmatch(clock) and _problem(f"Mon {clock}") is None else None


def _problem(hours: str) -> BadAnswer | None:
    try:
        availability.read_hours(hours)
    except BadAnswer as bad:
        return bad
    return None


def grid_writer(
    question: Question, manner: CellFormat, halves: Sequence[str], headings: Sequence[str]
) -> Callable[[tuple[str, ...]], str]:
    """Return what turns the cells of a grid into one cell of the contract.

    Columns that are options and hold no days are ticked or not, as of every other question.
    """
    texts = OptionTexts(question, manner)
    columns = [_Column(texts, half, heading) for half, heading in zip(halves, headings, strict=True)]
    ticked = set(halves) <= set(question.option_ids)
    plain = option_column_writer(question, manner, halves, headings) if ticked else None

    def write(cells: tuple[str, ...]) -> str:
        tidy = [cell.replace("\xa0", " ").strip() for cell in cells]
        if not any(tidy) or (plain and not any(days_in(piece) for cell in tidy for piece in texts.split(cell))):
            return plain(cells) if plain else ""
        hours = (one for column, cell in zip(columns, tidy, strict=True) for one in column.hours(cell))
        says_none = manner.none_if_all_no or any(folded(cell) in manner.none for cell in tidy)
        return "; ".join(dict.fromkeys(hours)) or (NONE_OF_THESE if says_none else "")

    return write


class _Column:
    """One column of a grid: its half of the answer, and how its cells fill in the other."""

    def __init__(self, texts: OptionTexts, half: str, heading: str) -> None:
        self.texts, self.half, self.heading = texts, half, heading
        halves = half.split("; ")
        self.options = halves if set(halves) <= set(texts.question.option_ids) else []
        self.days = () if self.options else days_in(half)

    def hours(self, cell: str) -> Iterator[str]:
        """Write the hours that one cell stands for, as items of the contract. Raises BadCell."""
        manner, key = self.texts.manner, folded(cell)
        if not cell or key in manner.no or key in manner.none:
            return
        if self.options and key in manner.yes:
            yield from self.options
            return
        for piece in self.texts.split(cell):
            yield from self._of_days(piece.strip(), cell) if self.days else self._of_hours(piece.strip(), cell)

    def _of_days(self, piece: str, cell: str) -> Iterator[str]:
        """Lay hours, or a part of the day, on the days of the heading."""
        if self.texts.knows(piece):
            yield from self._on(self.days, self.texts.read(piece), piece, cell)
            return
        if not re.search(r"\d:\d\d", piece):
            raise BadCell(self.heading, cell, "grid.no_hours", text=piece, where=self.texts.manner.where)
        for day in self.days:
            problem = _problem(f"{DAYS[day]} {piece}")
            if problem is not None:
                raise BadCell(self.heading, cell, "grid.bad_hours", problem=problem)
            yield f"{DAYS[day]} {piece}"

    def _of_hours(self, piece: str, cell: str) -> Iterator[str]:
        """Lay the hours of the heading, or its part of the day, on days."""
        days = days_in(piece)
        if not days:
            raise BadCell(self.heading, cell, "grid.no_day", text=piece)
        if self.options:
            yield from self._on(days, self.options, self.half, cell)
        else:
            yield from (f"{DAYS[day]} {self.half}" for day in days)

    def _on(self, days: Sequence[int], options: Sequence[str], said: str, cell: str) -> Iterator[str]:
        for day in days:
            found = [hours for option in options for hours in _on_day(self._hours_of(option), day)]
            if not found:
                values = {"text": said, "day": DAYS[day], "where": self.texts.manner.where}
                raise BadCell(self.heading, cell, "grid.no_hours_that_day", **values)
            yield from found

    def _hours_of(self, option: str) -> str:
        return self.texts.question.option(option).hours or ""


def _on_day(hours: str, day: int) -> Iterator[str]:
    """Keep of weekly hours, as the questionnaire writes them, those that begin on one day.

    >>> list(_on_day("Mon-Fri 22:00-02:00; Sat 10:00-12:00", 4))
    ['Fri 22:00-02:00']
    """
    for span in filter(None, map(str.strip, hours.split(";"))):
        days, _, clock = re.sub(r"\s+(?=\d)", "\t", span, count=1).partition("\t")
        if day in days_in(days):
            yield f"{DAYS[day]} {clock}"
