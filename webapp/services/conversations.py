"""The private conversation of a pair."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.models import Introduction, Message
from webapp.services import audit, outbox
from webapp.services.acting import Missing, load_locked, require
from webapp.services.introductions import load_pair, subject_of

LONGEST = 4_000
SECOND_TAP = timedelta(minutes=1)
"""The same words to the same person within this time, and nothing in between, are one message."""
AT_ONCE = 40
"""How many messages a page carries; the earlier ones are one link away."""


class BadMessage(Exception):
    """Raised for a message that is empty or too long."""


@dataclass(frozen=True)
class ShownMessage:
    """One message as its reader sees it."""

    body: str
    sent_at: datetime
    is_mine: bool
    id: UUID


@dataclass(frozen=True)
class Talk:
    """Some messages of a pair, oldest first; `earlier` is where those before them end, None where they begin."""

    messages: list[ShownMessage]
    earlier: UUID | None
    is_latest: bool


def read_talk(session: Session, actor: Actor, introduction_id: UUID, *, before: UUID | None = None) -> Talk:
    """Return the latest messages of a pair, or those before one of them. Raises Missing for one of another pair."""
    introduction = load_pair(session, actor, introduction_id, Action.READ_MESSAGES)
    needed = (getattr(Message, column) for column in (*Message.body.needs(), "sent_at", "sender_id"))
    query = select(*dict.fromkeys(needed)).where(Message.introduction_id == introduction.id)
    if before is not None:
        last = session.execute(query.with_only_columns(Message.sent_at, Message.id).where(Message.id == before)).first()
        if last is None:
            raise Missing
        sent_at, message_id = literal(last[0], Message.sent_at.type), literal(last[1], Message.id.type)
        query = query.where(tuple_(Message.sent_at, Message.id) < tuple_(sent_at, message_id))
    ordered = query.order_by(Message.sent_at.desc(), Message.id.desc()).limit(AT_ONCE + 1)
    found = session.execute(ordered).all()
    shown = found[:AT_ONCE][::-1]
    said = [ShownMessage(Message.body.shown(one), one.sent_at, one.sender_id == actor.id, one.id) for one in shown]
    return Talk(said, shown[0].id if len(found) > AT_ONCE else None, is_latest=before is None)


def write_message(session: Session, actor: Actor, introduction_id: UUID, body: str, *, now: datetime) -> Message:
    """Write to the other; a second tap on the button is not a second message.

    Raises BadMessage; WrongStep where the conversation is closed.
    """
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, Action.WRITE_MESSAGE, subject_of(introduction))
    text = body.strip()
    if not text or len(text) > LONGEST:
        raise BadMessage
    introduction.state = introductions.step(introductions.State(introduction.state), introductions.Event.WROTE)
    if (said := _just_said(session, introduction, actor, text, now)) is not None:
        return said
    message = Message(introduction_id=introduction.id, sender_id=actor.id, sent_at=now, body=text)
    session.add(message)
    session.flush()
    audit.record(session, actor, Act.MESSAGE_WRITTEN, message, at=now, about=introduction.request.user_id)
    (other,) = subject_of(introduction).parties - {actor.id}
    outbox.put(session, Notice.YOU_HAVE_A_MESSAGE, dedupe=str(message.id), due_at=now, to=other)
    return message


def _just_said(session: Session, introduction: Introduction, actor: Actor, text: str, now: datetime) -> Message | None:
    latest = select(Message).where(Message.introduction_id == introduction.id)
    last = session.scalars(latest.order_by(Message.sent_at.desc(), Message.id).limit(1)).first()
    is_hers = last is not None and last.sender_id == actor.id and now - last.sent_at < SECOND_TAP
    return last if last is not None and is_hers and last.body == text else None
