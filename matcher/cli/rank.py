"""rank: the supporters for every request, in order and with reasons."""

import argparse

from matcher.cli.arguments import Commands, add_files, add_output, read_roster, with_progress
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.reports import rankings


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("rank", allow_abbrev=False, help="rank the supporters for every request")
    add_files(parser, required=True)
    add_output(parser)
    parser.add_argument("--top", type=_positive, default=10, help="how many to show for each request (default 10)")
    parser.add_argument("--excluded", action="store_true", help="list everyone who was ruled out, and by what")
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def run(options: argparse.Namespace) -> str:
    """Rank every request. Raises Refused."""
    roster, needs = read_roster(options)
    ranked = [_ranked(roster, need, options) for need in with_progress(needs)]
    match options.format:
        case "json":
            return rankings.ranking_as_json(roster, roster.on, ranked, excluded=options.excluded)
        case "csv":
            return rankings.ranking_as_csv(roster, ranked, excluded=options.excluded)
        case _:
            return rankings.ranking_as_table(roster, ranked, excluded=options.excluded)


def _ranked(roster: Roster, need: Need, options: argparse.Namespace) -> rankings.RankedNeed:
    ranking = roster.rank(need, options.top, with_excluded=options.excluded)
    return rankings.RankedNeed(need, ranking, roster.nearest_outside(need))
