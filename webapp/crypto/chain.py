"""The chain of the audit: each record carries the hash of the one before, so that a change anywhere shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

START = "0" * 64


def link(previous: str, record: Mapping[str, Any]) -> str:
    """Return the hash of a record that follows another."""
    said = json.dumps([previous, record], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def first_break(records: Iterable[tuple[Mapping[str, Any], str]]) -> int | None:
    """Return the position of the first record whose hash does not follow from those before; None where all is whole."""
    previous = START
    for position, (record, hash_) in enumerate(records):
        if link(previous, record) != hash_:
            return position
        previous = hash_
    return None
