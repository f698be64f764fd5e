"""What a concern stops in rooms that know nothing of it: details that two have released, ways that leave the site."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, may_try
from webapp.services.notices import addresses
from webapp.services.pairs.withdrawing import withdraw_all
from webapp.services.safety import records

SYSTEM = Actor(None)


def withdraw_details(session: Session, introduction_id: UUID, *, now: datetime) -> None:
    """Take back all by which two could reach each other outside the site. The record names nobody who asked for it."""
    withdraw_all(session, SYSTEM, introduction_id, now=now)


def close_outside(session: Session, actor: Actor, *, now: datetime) -> None:
    """Close every way to somebody that leaves the site: those of her record, and where her notices go."""
    assert actor.id is not None
    records.close_outside(session, actor.id, actor=actor, now=now)
    if may_try(actor, Action.CHANGE_NOTICE_ADDRESS):
        addresses.forget_address(session, actor, now=now)
