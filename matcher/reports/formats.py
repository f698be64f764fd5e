"""JSON and CSV, as the command line prints them for programs."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matcher.explanations.messages import Message


def as_json(document: Mapping[str, Any]) -> str:
    """Write one JSON document."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"key": value.key, "values": dict(value.values)}
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Write rows as CSV with plain line ends."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().rstrip("\n")
