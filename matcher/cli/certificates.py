"""Reading the certificate that `round --certificate` wrote, for the commands that begin from one."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from matcher.cli.arguments import refuse_one
from matcher.errors import reason_of


class _Twice(Exception):
    """One key stands twice, so that readers could differ on what is said."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise _Twice(next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place])))
    return read


def read_certificate(path: Path) -> Any:
    """Read a certificate as it stands; whether it holds is another matter. Raises Refused if it is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal, object_pairs_hook=_each_once)
    except _Twice as twice:
        refuse_one(path.name, "certificate.key_twice", key=str(twice))
    except OSError as error:
        refuse_one(path.name, "certificate.not_read", reason=reason_of(error))
    except (ValueError, RecursionError):
        refuse_one(path.name, "certificate.no_json")


def date_of(path: Path, document: Any) -> date:
    """Return the date of a certificate. Raises Refused if it names none."""
    try:
        return date.fromisoformat(document["on"])
    except (TypeError, KeyError, ValueError):
        refuse_one(path.name, "certificate.no_date")
