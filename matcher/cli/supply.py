"""supply: what the roster lacks, and what one woman's wishes cost."""

import argparse

from matcher.cli.arguments import (
    Commands,
    add_files,
    add_objective,
    add_output,
    identity,
    read_roster,
    refuse_one,
    with_progress,
)
from matcher.hints import hint
from matcher.reports.supply import supply_as_csv, supply_as_json
from matcher.reports.supply_tables import supply_as_table
from matcher.supply.analysis import supply


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("supply", allow_abbrev=False, help="say what the roster lacks")
    add_files(parser, required=True)
    add_output(parser)
    add_objective(parser)
    parser.add_argument("--need", type=identity, metavar="ID", help="also say what the wishes of this request cost")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> str:
    """Say what the roster lacks. Raises Refused."""
    roster, needs = read_roster(options)
    asked = next((need for need in needs if need.id == options.need), None)
    if options.need is not None and asked is None:
        near = hint(options.need, (need.id for need in needs))
        refuse_one(options.needs.name, "people.no_such_request", asked=options.need, hint=near)
    found = supply(
        roster,
        needs,
        objective=options.objective,
        floor=options.floor,
        need_id=options.need,
        progress=with_progress,
    )
    match options.format:
        case "json":
            return supply_as_json(roster, found)
        case "csv":
            return supply_as_csv(roster, found)
        case _:
            return supply_as_table(roster, found, asked)
