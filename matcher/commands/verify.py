"""verify: prove the certificate of a round for these files, or say what is wrong with it."""

import argparse
from pathlib import Path

from matcher import round_reports, round_tables
from matcher.commands.certificates import date_of, read_certificate
from matcher.commands.inputs import Commands, add_files, add_output, read_roster
from matcher.refusals import Refused
from matcher.verification import verify_certificate


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
            return round_reports.proof_as_json(document)
        case "csv":
            return round_reports.proof_as_csv(document)
        case _:
            return round_tables.proof_as_table(document)
