"""The private conversation of a pair."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.domain.tasks import ended_by_a_sign
from webapp.models import Introduction, Message
from webapp.services import audit, outbox, tasks
from webapp.services.acting import Missing, load_locked, require
from webapp.services.introductions import load_pair, subject_of

LONGEST = 4_000
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
    is_new: bool = False


@dataclass(frozen=True)
class Talk:
    """Some messages of a pair, oldest first; `earlier` is where those before them end, None where they begin."""

    messages: list[ShownMessage]
    earlier: UUID | None
    is_latest: bool

    @property
    def new(self) -> list[ShownMessage]:
        """List what she has not seen yet."""
        return [one for one in self.messages if one.is_new]

    def above(self, most: int) -> list[ShownMessage]:
        """List those that come before the last few on the page of the latest; nothing new is among them."""
        first_new = next((place for place, one in enumerate(self.messages) if one.is_new), len(self.messages))
        return self.messages[: max(0, min(first_new, len(self.messages) - most))] if self.is_latest else []


def read_talk(
    session: Session,
    actor: Actor,
    introduction_id: UUID,
    *,
    before: UUID | None = None,
    looked_at: datetime | None = None,
) -> Talk:
    """Return the latest messages of a pair, or those before one of them. Raises Missing for one of another pair.

    What the other wrote after `looked_at`, when she last looked, is new; all of it, where she never did.
    """
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
    said = [_shown(one, actor, looked_at) for one in shown]
    return Talk(said, shown[0].id if len(found) > AT_ONCE else None, is_latest=before is None)


def _shown(one: Any, actor: Actor, looked_at: datetime | None) -> ShownMessage:
    is_mine = one.sender_id == actor.id
    is_new = not is_mine and (looked_at is None or one.sent_at > looked_at)
    return ShownMessage(Message.body.shown(one), one.sent_at, is_mine, one.id, is_new)


def write_message(
    session: Session, actor: Actor, introduction_id: UUID, body: str, *, once: UUID | None = None, now: datetime
) -> Message:
    """Write to the other. `once` is what its form carries: the same form sent again is the same message.

    Raises BadMessage; WrongStep where the conversation is closed.
    """
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, Action.WRITE_MESSAGE, subject_of(introduction))
    text = body.strip()
    if not text or len(text) > LONGEST:
        raise BadMessage
    introduction.state = introductions.step(introductions.State(introduction.state), introductions.Event.WROTE)
    message_id = _id_of(once, introduction, actor, text)
    if (said := session.get(Message, message_id)) is not None:
        return said
    message = Message(id=message_id, introduction_id=introduction.id, sender_id=actor.id, sent_at=now, body=text)
    session.add(message)
    session.flush()
    audit.record(session, actor, Act.MESSAGE_WRITTEN, message, at=now, about=introduction.request.user_id)
    ended = ended_by_a_sign(is_answer=actor.id == introduction.supporter.user_id)
    tasks.close_of_pair(session, actor, introduction.id, ended, now=now)
    (other,) = subject_of(introduction).parties - {actor.id}
    outbox.put(
        session, Notice.YOU_HAVE_A_MESSAGE, dedupe=str(message.id), due_at=now, to=other, pair=str(introduction.id)
    )
    return message


def _id_of(once: UUID | None, introduction: Introduction, actor: Actor, text: str) -> UUID:
    """Words that she changed after going back to a form that was sent are another message, and not lost."""
    return uuid5(once, f"{introduction.id}|{actor.id}|{text}") if once else uuid4()
