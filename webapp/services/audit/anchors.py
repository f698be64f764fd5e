"""The head of the audit, written daily to a file outside the database: what is cut or rolled back later is found by it.

Each line is keyed. A copy of the file on another machine is worth more than the file itself; the runbook says how.
"""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.crypto import chain
from webapp.models import AuditHead
from webapp.services.audit.checks import HEAD, Anchor, is_head


class NoHead(Exception):
    """Raised where the audit has no head that this site wrote: there is nothing that can be anchored."""


def write(session: Session, path: Path, *, now: datetime) -> Anchor:
    """Add a line with the head of the audit to the file; only its owner may read it. Raises NoHead, OSError."""
    head = session.get(AuditHead, HEAD, populate_existing=True)
    if head is None or not is_head(head):
        raise NoHead
    at = now.astimezone(UTC).isoformat()
    mark = chain.mark("anchor", number=head.number, hash=head.hash, at=at)
    anchor = Anchor(head.number, head.hash, at, mark)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(anchor)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor


def read(path: Path) -> list[Anchor]:
    """Read the anchors; a line that cannot be read is one that is not ours. No file: no anchors."""
    if not path.exists():
        return []
    return [_anchor(line) for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]


def _anchor(line: str) -> Anchor:
    try:
        said = json.loads(line)
        return Anchor(int(said["number"]), str(said["hash"]), str(said["at"]), str(said["mark"]))
    except (ValueError, TypeError, KeyError):
        return Anchor(0, "", "", "")


def begin_anew(path: Path, *, now: datetime) -> Path | None:
    """Put the file aside under the date, after a backup was restored on purpose. Returns where it lies now."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.stem}-until-{now:%Y%m%dT%H%M%S}{path.suffix}")
    path.rename(aside)
    return aside
