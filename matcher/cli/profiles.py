"""profiles: the profile vectors of a sheet, with named columns."""

import argparse
import sys

from matcher.cli.arguments import Commands, add_files, read_people
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire import loading
from matcher.reports.profiles import profiles_as_csv, profiles_as_npz


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("profiles", allow_abbrev=False, help="write the profile vectors of a sheet")
    add_files(parser, required=False)
    parser.add_argument("--format", choices=("csv", "npz"), default="csv")
    parser.set_defaults(run=run, usage=parser.error)


def run(options: argparse.Namespace) -> str | bytes:
    """Write the vectors of the supporters or of the requests. Raises Refused."""
    if bool(options.offers) == bool(options.needs):
        options.usage("give one sheet: --offers or --needs")
    if options.format == "npz" and sys.stdout.isatty():
        options.usage("npz is not for a screen: send it into a file, ... --format npz > profiles.npz")
    questions = loading.load(options.questionnaire)
    offers, needs = read_people(options, questions)
    people = [*offers.everyone, *needs.everyone]
    write = profiles_as_npz if options.format == "npz" else profiles_as_csv
    return write(ProfileSpace(questions), people)
