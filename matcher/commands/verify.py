"""verify: prove the certificate of a round for these files, or say what is wrong with it."""

import argparse
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from matcher import round_reports, round_tables
from matcher.commands.inputs import Commands, add_files, add_output, read_roster, refuse_one
from matcher.refusals import Refused
from matcher.verification import verify_certificate

REMEDY = "Give the file that `round --certificate` wrote."


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", allow_abbrev=False, help="prove the certificate of a round")
    add_files(parser, required=True)
    add_output(parser)
    parser.add_argument("--certificate", type=Path, required=True, metavar="FILE", help="what round has written")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> str:
    """Prove a certificate on its own date, unless another is given. Raises Refused with everything that is wrong."""
    document = _read(options.certificate)
    options.on = options.on or _date_of(options.certificate, document)
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


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        refuse_one(path.name, f"it cannot be read ({error.strerror})", REMEDY)
    except (ValueError, RecursionError):
        refuse_one(path.name, "it is not a JSON document in UTF-8", REMEDY)


def _date_of(path: Path, document: Any) -> date:
    try:
        return date.fromisoformat(document["on"])
    except (TypeError, KeyError, ValueError):
        refuse_one(path.name, "it names no date under 'on'", REMEDY)
