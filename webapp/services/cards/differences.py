"""None of these: each time is remembered with what should differ, if she says it; taken back, it is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain import requests
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.proposals import LONGEST_WORDS, UNDO_WITHIN, Difference
from webapp.models import NoneOfThese, Request
from webapp.services import audit
from webapp.services.acting import TooLate, hold_request, require
from webapp.services.requests import subject_of


@dataclass(frozen=True)
class Said:
    """What should differ: ticks by their codes, and her own words. Both are empty where she said nothing."""

    at: datetime
    ticks: tuple[str, ...]
    words: str


def remember(session: Session, request: Request, *, now: datetime) -> None:
    """Remember that she wanted none of those whom she was shown."""
    session.add(NoneOfThese(request_id=request.id, at=now))


def find_last(session: Session, request: Request) -> NoneOfThese | None:
    """Return the last time, as long as she has been shown nobody since."""
    if request.state != requests.State.WAITING:
        return None
    hers = select(NoneOfThese).where(NoneOfThese.request_id == request.id)
    return session.scalars(hers.order_by(NoneOfThese.at.desc()).limit(1)).first()


def may_undo(last: NoneOfThese | Said | None, *, now: datetime) -> bool:
    """Say whether she can still say that she tapped by mistake."""
    return last is not None and now - last.at <= UNDO_WITHIN


def say_what_differs(
    session: Session, actor: Actor, request_id: UUID, *, ticks: Sequence[str], words: str, now: datetime
) -> None:
    """Keep what should differ in place of what she said before. Raises TooLate once she has others to choose from."""
    request = hold_request(session, request_id).request
    require(actor, Action.SAY_WHAT_DIFFERS, subject_of(request))
    last = find_last(session, request)
    if last is None or len(words) > LONGEST_WORDS:
        raise TooLate
    known = [one.value for one in Difference if one in ticks]
    last.differs = {"ticks": known, "words": words.strip()} if known or words.strip() else None
    audit.record(session, actor, Act.WHAT_SHOULD_DIFFER_SAID, last, at=now, about=request.user_id)


def read_last(session: Session, actor: Actor, request: Request) -> Said | None:
    """Return what she said the last time, for herself; None where there is nothing to say now."""
    require(actor, Action.SAY_WHAT_DIFFERS, subject_of(request))
    last = find_last(session, request)
    return _said(last) if last is not None else None


def list_said(session: Session, request: Request) -> list[Said]:
    """Return every time that she said something, the latest first, for whoever may read her request."""
    hers = select(NoneOfThese).where(NoneOfThese.request_id == request.id, NoneOfThese.differs_sealed.is_not(None))
    return [_said(one) for one in session.scalars(hers.order_by(NoneOfThese.at.desc()))]


def _said(row: NoneOfThese) -> Said:
    differs = NoneOfThese.differs.shown(row)
    if isinstance(differs, Unreadable):
        return Said(row.at, (), differs)
    return Said(row.at, tuple(differs["ticks"]), differs["words"]) if differs else Said(row.at, (), "")
