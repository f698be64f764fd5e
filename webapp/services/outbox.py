"""Notices, written in the transaction of the act that they tell of. The job `deliver` sends them later."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.notices import Event, Notice, State, step
from webapp.models import OutboxRow


def put(
    session: Session, kind: Notice, *, dedupe: str, due_at: datetime, to: UUID | None = None, **payload: Any
) -> bool:
    """Write a notice once; the same dedupe key a second time changes nothing. Says whether it was new."""
    key = f"{kind}:{dedupe}"
    if session.scalars(select(OutboxRow.id).where(OutboxRow.dedupe == key)).first() is not None:
        return False
    session.add(OutboxRow(kind=kind, to_user_id=to, payload=payload, dedupe=key, due_at=due_at, state=State.READY))
    return True


def cancel(session: Session, kind: Notice, *, dedupe: str) -> None:
    """Take a notice back that has not been sent."""
    row = session.scalars(select(OutboxRow).where(OutboxRow.dedupe == f"{kind}:{dedupe}")).first()
    if row is not None and row.state in (State.READY, State.FAILED):
        row.state = step(State(row.state), Event.CANCELLED)
