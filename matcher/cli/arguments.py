"""What commands share: their arguments, reading the files whole or not at all, and showing how far it is."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

from matcher.errors import BadAnswer, Fault, Refused
from matcher.grains import GRAINS_A_POINT
from matcher.people import Need, longest_waiting_first
from matcher.questionnaire import loading, weights
from matcher.questionnaire.schema import Questionnaire
from matcher.ranking.roster import Roster
from matcher.replay.policies import read_floor
from matcher.rounds.objectives import OBJECTIVES
from matcher.rounds.settings import NeedOffer
from matcher.spreadsheets import column_maps, dry_run
from matcher.spreadsheets.identities import fault_of_one_sheet, kept_apart
from matcher.spreadsheets.people import People, read_needs, read_offers
from matcher.spreadsheets.warnings import misspelt, notes
from matcher.text import composed

T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 1970, 2200


class Commands(Protocol):
    """Where a command adds itself."""

    def add_parser(self, name: str, *, allow_abbrev: bool, help: str) -> argparse.ArgumentParser:
        """Make the parser of one command."""


# Arguments


def add_files(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add the arguments that name files, and the date."""
    parser.add_argument("--questionnaire", type=Path, default=loading.DEFAULT, metavar="Q.toml")
    parser.add_argument("--offers", type=Path, required=required, metavar="offers.csv", help="the supporters")
    parser.add_argument("--needs", type=Path, required=required, metavar="needs.csv", help="the requests")
    parser.add_argument("--weights", type=Path, default=weights.DEFAULT, metavar="W.toml")
    parser.add_argument("--ignore-extra", action="store_true", help="pass over columns that belong to no question")
    parser.add_argument(
        "--columns", type=Path, metavar="MAP.toml", help="how the sheets of another tool are to be read"
    )
    parser.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook (default: the first not hidden)")
    parser.set_defaults(dry_run=False)
    parser.add_argument("--on", type=_date, default=None, metavar="DATE", help="year-month-day (default: today)")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the argument that chooses table, JSON or CSV."""
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")


def add_objective(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say what a round is to reach."""
    parser.add_argument("--objective", choices=OBJECTIVES, default="fair", help="what is best (default: fair)")
    parser.add_argument(
        "--floor", type=argument(_points), default=Decimal(0), metavar="POINTS", help="use no pair below"
    )


def add_round(parser: argparse.ArgumentParser) -> None:
    """Add all that a round is asked for, with the pairs that are set by hand."""
    add_files(parser, required=True)
    add_output(parser)
    add_objective(parser)
    parser.add_argument("--pin", type=pair, action="append", metavar="NEED=OFFER", help="keep this pair")
    parser.add_argument("--forbid", type=pair, action="append", metavar="NEED=OFFER", help="never this")


def identity(text: str) -> str:
    """Read an id, for argparse, in the form that ids of sheets have."""
    return composed(text.strip())


def pair(text: str) -> NeedOffer:
    """Read a pair of ids, for argparse."""
    need, equals, offer = (identity(part) for part in text.partition("="))
    if not (need and equals and offer):
        raise argparse.ArgumentTypeError(f"{text!r} is not a pair: write NEED=OFFER, two ids")
    return need, offer


def argument(read: Callable[[str], T]) -> Callable[[str], T]:
    """Let an argument be read as a cell is, and refused as an argument is."""

    def reading(text: str) -> T:
        try:
            return read(text)
        except BadAnswer as bad:
            raise argparse.ArgumentTypeError(f"{bad.problem}. {bad.remedy}") from None

    return reading


def _points(text: str) -> Decimal:
    return Decimal(read_floor(text)) / GRAINS_A_POINT


def _date(text: str) -> date:
    try:
        day = datetime.strptime(text if text.isascii() else "", "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date: write year-month-day") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _today(options: argparse.Namespace) -> date:
    on: date | None = options.on
    return on or date.today()


# Reading


def read_people(options: argparse.Namespace, questions: Questionnaire) -> tuple[People, People]:
    """Read whichever sheets were given, and refuse both together; note what they leave unprotected."""
    how: Any = {"ignore_extra": options.ignore_extra, "columns": read_map(options, questions), "tab": options.sheet}
    how["on"] = _today(options)
    offers = read_offers(options.offers, questions, **how) if options.offers else People()
    needs = read_needs(options.needs, questions, **how) if options.needs else People()
    if options.dry_run:
        print(*(dry_run.report(people, questions) for people in (offers, needs) if people != People()), sep="\n")
    return checked(questions, (options.offers or Path(), offers), (options.needs or Path(), needs))


def checked(questions: Questionnaire, offers: tuple[Path, People], needs: tuple[Path, People]) -> tuple[People, People]:
    """Refuse what is wrong with two sheets together, tell what they leave in doubt, and keep everyone from herself.

    Returns the offers and the needs. Raises Refused.
    """
    (supporters, offering), (requests, asking) = offers, needs
    faults = [*fault_of_one_sheet(asking.sheet, offering.sheet), *offering.faults, *asking.faults]
    if not faults and asking.sheet and offering.sheet:
        faults = [*misspelt(supporters, offering, asking), *misspelt(requests, asking, offering)]
    if faults:
        raise Refused(faults)
    apart, told = kept_apart(asking.everyone, offering.everyone)
    for note in (*notes(questions, offers, needs), *told):
        print(f"note: {note}", file=sys.stderr)
    return offering, replace(asking, everyone=apart)


def read_map(options: argparse.Namespace, questions: Questionnaire) -> column_maps.ColumnMap | None:
    """Read the column map, where one is given."""
    return column_maps.load(options.columns, questions) if options.columns else None


def read_roster(options: argparse.Namespace) -> tuple[Roster, tuple[Need, ...]]:
    """Read every file; return the fitted roster, and the requests with the longest waiting first."""
    questions = loading.load(options.questionnaire)
    weighed = weights.load(questions, options.weights)
    offers, needs = read_people(options, questions)
    roster = Roster(questionnaire=questions, weights=weighed, on=_today(options)).fit(offers.everyone)
    return roster, tuple(sorted(needs.everyone, key=longest_waiting_first))


def refuse_one(place: str, key: str, /, **values: Any) -> NoReturn:
    """Refuse for a single fault."""
    raise Refused([Fault(place, key, **values)])


def with_progress(steps: Sequence[T]) -> Iterator[T]:
    """Go through needs or other steps; on a terminal, show how far it is."""
    for done, step in enumerate(steps, start=1):
        yield step
        if sys.stderr.isatty():
            bar = "#" * (30 * done // len(steps))
            print(f"\r[{bar:<30}] {done} of {len(steps)}", end="\n" if done == len(steps) else "", file=sys.stderr)
