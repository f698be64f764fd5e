"""round: the whole waiting list assigned at once, with a certificate if it is asked for."""

import argparse
from pathlib import Path

from matcher.cli.arguments import Commands, add_round, read_roster, with_progress
from matcher.cli.outputs import write_beside
from matcher.reports import rounds
from matcher.reports.formats import as_json
from matcher.rounds.certificate import certificate
from matcher.rounds.solve import solve_round
from matcher.rounds.waiting import why_waiting


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("round", allow_abbrev=False, help="assign the whole waiting list at once")
    add_round(parser)
    parser.add_argument("--certificate", type=Path, default=None, metavar="FILE", help="write the proof there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> str:
    """Solve a round, write its certificate where asked, and say it. Raises Refused."""
    roster, needs = read_roster(options)
    solved = solve_round(
        roster,
        needs,
        objective=options.objective,
        floor=options.floor,
        pins=options.pin or (),
        forbidden=options.forbid or (),
        progress=with_progress,
    )
    if options.certificate:
        write_beside(options.certificate, as_json(certificate(roster, solved)) + "\n", what="certificate")
    why = why_waiting(roster, solved)
    match options.format:
        case "json":
            return rounds.round_as_json(roster, solved, why)
        case "csv":
            return rounds.round_as_csv(solved, why)
        case _:
            return rounds.round_as_table(roster, needs, solved, why)
