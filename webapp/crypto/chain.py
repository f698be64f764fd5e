"""The chain of the audit: each record carries a keyed hash over itself and the one before, so that a change shows.

The key comes from the key file. Who holds the database alone can neither change a record nor make a chain anew.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

from webapp.crypto import keyring

START = "0" * 64
BROKEN = "f" * 64
"""What the next record follows where the chain was found broken: it follows nothing, so that the break stays seen."""


def link(previous: str, record: Mapping[str, Any]) -> str:
    """Return the hash of a record that follows another."""
    return _keyed("record", [previous, record])


def mark(kind: str, **said: Any) -> str:
    """Return what makes a head, a checkpoint or an anchor one of ours."""
    return _keyed(kind, said)


def is_marked(given: str, kind: str, **said: Any) -> bool:
    """Say whether a head, a checkpoint or an anchor is one of ours."""
    return hmac.compare_digest(given.encode(), mark(kind, **said).encode())


def first_break(records: Iterable[tuple[Mapping[str, Any], str]], previous: str = START) -> int | None:
    """Return the position of the first record whose hash does not follow from those before; None where all is whole."""
    for position, (record, hash_) in enumerate(records):
        if link(previous, record) != hash_:
            return position
        previous = hash_
    return None


def _keyed(kind: str, said: Any) -> str:
    text = json.dumps([kind, said], sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(keyring.ring().derive("audit chain"), text.encode(), hashlib.sha256).hexdigest()
