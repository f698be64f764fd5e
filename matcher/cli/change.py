"""change: what changes by hand would cost a round, each tried alone."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matcher.cli.arguments import Commands, add_round, identity, pair, read_roster, with_progress
from matcher.cli.certificates import date_of, read_certificate
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.reports import changes
from matcher.reports.changes import Tried
from matcher.rounds.resume import resume
from matcher.rounds.solve import Round, solve_round
from matcher.rounds.what_if import Change, check_tries, try_each

TERMS = ("objective", "floor", "pin", "forbid")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("change", allow_abbrev=False, help="say what changes by hand would cost a round")
    add_round(parser)
    parser.add_argument(
        "--from", type=Path, dest="certificate", metavar="FILE", help="begin from this certificate, on its terms"
    )
    parser.add_argument("--try-pin", type=pair, action=_Tries, metavar="NEED=OFFER", help="what if she had her?")
    parser.add_argument("--try-forbid", type=pair, action=_Tries, metavar="NEED=OFFER", help="what if she had not?")
    parser.add_argument(
        "--try-swap", nargs=2, type=identity, action=_Tries, metavar="NEED", help="what if these two changed places?"
    )
    parser.set_defaults(run=run, tries=[], usage=parser.error, **dict.fromkeys(TERMS))


class _Tries(argparse.Action):
    """Keeps tries of all three kinds in the order in which they are given."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        one, other = (text.strip() for text in values)
        if not (one and other) or (self.dest == "try_swap" and one == other):
            raise argparse.ArgumentError(self, "give the ids of two requests")
        namespace.tries = [*namespace.tries, Change(self.dest.removeprefix("try_"), (one, other))]  # type: ignore[arg-type]


def run(options: argparse.Namespace) -> str:
    """Solve the round once, or take it from its certificate, and try each change on it alone. Raises Refused."""
    _check_usage(options)
    before, roster, needs = _resumed(options) if options.certificate else _solved(options)
    tried = [Tried(*both) for both in zip(options.tries, try_each(roster, before, options.tries), strict=True)]
    match options.format:
        case "json":
            return changes.changes_as_json(roster, before, tried)
        case "csv":
            return changes.changes_as_csv(before, tried)
        case _:
            return changes.changes_as_table(roster, needs, before, tried)


def _check_usage(options: argparse.Namespace) -> None:
    if not options.tries:
        options.usage("give at least one of --try-pin, --try-forbid and --try-swap")
    given = [f"--{name}" for name in TERMS if getattr(options, name) is not None]
    if options.certificate and given:
        options.usage(f"a certificate has its own terms: leave out {' and '.join(given)}, or --from")


def _solved(options: argparse.Namespace) -> tuple[Round, Roster, Sequence[Need]]:
    roster, needs = read_roster(options)
    settings: dict[str, Any] = {
        "objective": options.objective or "fair",
        "floor": options.floor or 0,
        "pins": options.pin or (),
        "forbidden": options.forbid or (),
    }
    check_tries(roster, needs, options.tries, **settings)
    return solve_round(roster, needs, **settings, progress=with_progress), roster, needs


def _resumed(options: argparse.Namespace) -> tuple[Round, Roster, Sequence[Need]]:
    document = read_certificate(options.certificate)
    options.on = options.on or date_of(options.certificate, document)
    roster, needs = read_roster(options)
    return resume(roster, needs, document, progress=with_progress), roster, needs
