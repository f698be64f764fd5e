"""check: read the files and say everything that is wrong with them."""

import argparse

from matcher import questionnaire, weights
from matcher.commands.inputs import Commands, add_files, read_people


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "check", allow_abbrev=False, help="read the files and say everything that is wrong with them"
    )
    add_files(parser, required=False)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> str:
    """Say what was read, and that nothing is wrong. Raises Refused."""
    questions = questionnaire.load(options.questionnaire)
    weights.load(questions, options.weights)
    offers, needs = read_people(options, questions)
    said = [
        f"{options.questionnaire.name}: {questions.id} version {questions.version}, {len(questions.question)} questions"
    ]
    for path, people, word in ((options.offers, offers, "supporters"), (options.needs, needs, "requests")):
        if path:
            said.append(f"{path.name}: {len(people.everyone)} {word}, {len(people.columns)} columns")
    return "\n".join([*said, "Nothing is wrong."])
