"""Taking away at once by what two could reach each other: where a pair ends or is held, or a way is not safe."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.models import ContactDetail, Introduction
from webapp.services import audit
from webapp.services.acting import change
from webapp.services.pairs.calling_off import call_off_outside, call_off_with_pair


def withdraw_all(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Take every released detail of both back, call off what lies ahead, and make their room anew.

    Whoever calls this holds the pair, and has asked already whether the actor may. Twice is once; only the room is
    another again.
    """
    introduction = session.get_one(Introduction, introduction_id)
    gone = change(session, delete(ContactDetail).where(ContactDetail.introduction_id == introduction_id))
    introduction.room_turn += 1
    called_off = call_off_with_pair(session, introduction_id, now=now)
    if gone or called_off:
        about = introduction.request.user_id
        audit.record(session, actor, Act.DETAILS_WITHDRAWN, introduction, at=now, about=about)


def withdraw_own(session: Session, actor: Actor, user_id: UUID, *, now: datetime) -> None:
    """Take back every way that somebody has released, and call off what she arranged outside the site.

    No way outside is safe for her now.
    """
    for detail in session.scalars(select(ContactDetail).where(ContactDetail.user_id == user_id)):
        audit.record(session, actor, Act.DETAIL_TAKEN_BACK, detail, at=now, about=user_id)
        session.delete(detail)
    call_off_outside(session, actor, user_id, now=now)
