"""check: read the files and say everything that is wrong with them."""

import argparse
from pathlib import Path

from matcher.cli.arguments import Commands, add_files, read_map, read_people
from matcher.questionnaire import loading, weights
from matcher.spreadsheets import draft_maps


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "check", allow_abbrev=False, help="read the files and say everything that is wrong with them"
    )
    add_files(parser, required=False)
    parser.add_argument("--dry-run", action="store_true", help="say what was understood of each sheet")
    parser.add_argument("--write-columns", type=Path, metavar="MAP.toml", help="write a starting map of the sheets")
    parser.set_defaults(run=run, usage=parser.error)


def run(options: argparse.Namespace) -> str:
    """Say what was read, and that nothing is wrong; or write a starting map. Raises Refused."""
    if options.write_columns and not (options.offers or options.needs):
        options.usage("there is no sheet to write a map for: add --offers, --needs or both")
    questions = loading.load(options.questionnaire)
    weights.load(questions, options.weights)
    if options.write_columns:
        sheets = options.offers, options.needs
        return draft_maps.write(options.write_columns, *sheets, questions, read_map(options, questions), options.sheet)
    offers, needs = read_people(options, questions)
    said = [
        f"{options.questionnaire.name}: {questions.id} version {questions.version}, {len(questions.question)} questions"
    ]
    for path, people, word in ((options.offers, offers, "supporters"), (options.needs, needs, "requests")):
        if path:
            said.append(f"{path.name}: {len(people.everyone)} {word}, {len(people.columns)} columns")
    return "\n".join([*said, "Nothing is wrong."])
