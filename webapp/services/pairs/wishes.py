"""How one person wants the page of one pair: folded, locked, asked later; and up to which message she has seen it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.models import Introduction, PairView
from webapp.services import audit
from webapp.services.acting import change
from webapp.services.introductions import load_pair
from webapp.services.pairs.holding import lock_pair


@dataclass(frozen=True)
class Wishes:
    """What she chose. Where it cannot be read, the conversation is locked rather than shown to anybody."""

    is_folded: bool = False
    is_locked: bool = False
    times_put_off: int = 0
    put_off_at: datetime | None = None
    looked_at: datetime | None = None


def read(session: Session, actor: Actor, introduction_id: UUID) -> Wishes:
    """Return how one of the two wants the page of her pair. Raises Missing."""
    return read_wishes(session, actor, load_pair(session, actor, introduction_id))


def read_wishes(session: Session, actor: Actor, introduction: Introduction) -> Wishes:
    """Return the same of a pair that was read already."""
    row = _row(session, actor, introduction)
    if row is None:
        return Wishes()
    kept = PairView.wishes.shown(row)
    if isinstance(kept, Unreadable):
        return Wishes(is_locked=True, looked_at=row.looked_at)
    said = kept or {}
    at = said.get("put_off_at")
    return Wishes(
        is_folded=bool(said.get("folded")),
        is_locked=bool(said.get("locked")),
        times_put_off=int(said.get("put_off", 0)),
        put_off_at=datetime.fromisoformat(at) if at else None,
        looked_at=row.looked_at,
    )


def _row(session: Session, actor: Actor, introduction: Introduction) -> PairView | None:
    mine = PairView.introduction_id == introduction.id, PairView.user_id == actor.id
    return session.scalars(select(PairView).where(*mine)).first()


def keep(session: Session, actor: Actor, introduction: Introduction, **changed: Any) -> PairView:
    """Keep some of her wishes beside those that stand already; the row of the pair is locked."""
    row = _row(session, actor, introduction)
    if row is None:
        row = PairView(introduction_id=introduction.id, user_id=actor.id)
        session.add(row)
    kept = PairView.wishes.shown(row)
    row.wishes = {**({} if kept is None or isinstance(kept, Unreadable) else kept), **changed}
    session.flush()
    return row


def fold(session: Session, actor: Actor, introduction_id: UUID, *, folded: bool, locked: bool, now: datetime) -> None:
    """Keep whether her conversation is folded away, and whether her passphrase opens it. Raises Missing."""
    introduction = lock_pair(session, actor, introduction_id, Action.FOLD_CONVERSATION)
    row = keep(session, actor, introduction, folded=folded, locked=locked)
    audit.record(session, actor, Act.CONVERSATION_FOLDED, row, at=now, about=actor.id)


def note_look(session: Session, actor: Actor, introduction_id: UUID, up_to: datetime) -> None:
    """Note up to which message she has seen the conversation. Her own reading record."""
    _note(session, actor, load_pair(session, actor, introduction_id, Action.READ_MESSAGES), up_to)


def mark_seen(session: Session, actor: Actor, introduction_id: UUID, up_to: datetime, *, now: datetime) -> None:
    """Note the same because she says so, of a conversation that is folded. Raises Missing."""
    introduction = lock_pair(session, actor, introduction_id, Action.READ_MESSAGES)
    _note(session, actor, introduction, up_to)
    audit.record(session, actor, Act.MESSAGES_SEEN, introduction, at=now, about=actor.id)


def _note(session: Session, actor: Actor, introduction: Introduction, up_to: datetime) -> None:
    mine = PairView.introduction_id == introduction.id, PairView.user_id == actor.id
    if change(session, update(PairView).where(*mine).values(looked_at=up_to)) == 0:
        session.add(PairView(introduction_id=introduction.id, user_id=actor.id, looked_at=up_to))
