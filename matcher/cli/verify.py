"""verify: prove the certificate of a round for these files, or say what is wrong with it."""

import argparse
from pathlib import Path

from matcher.cli.arguments import Commands, add_files, add_output, read_roster
from matcher.cli.certificates import date_of, read_certificate
from matcher.errors import Refused
from matcher.reports import rounds
from matcher.rounds.verification import verify_certificate


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", allow_abbrev=False, help="prove the certificate of a round")
    add_files(parser, required=True)
    add_output(parser)
    parser.add_argument("--certificate", type=Path, required=True, metavar="FILE", help="what round has written")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> str:
    """Prove a certificate on its own date, unless another is given. Raises Refused with everything that is wrong."""
    document = read_certificate(options.certificate)
    options.on = options.on or date_of(options.certificate, document)
    roster, needs = read_roster(options)
    faults = verify_certificate(roster, needs, document)
    if faults:
        raise Refused(faults)
    match options.format:
        case "json":
            return rounds.proof_as_json(document)
        case "csv":
            return rounds.proof_as_csv(document)
        case _:
            return rounds.proof_as_table(document)
