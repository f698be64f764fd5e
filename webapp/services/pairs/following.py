"""What follows at once from an answer in a check-in: a pair ends, a supporter rests, a task is laid on the desk."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import checkins, introductions, supporters
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.domain.checkins import Follows, Urgency
from webapp.domain.introductions import Side, Then
from webapp.domain.tasks import Kind, Soon
from webapp.models import CheckIn, Introduction, Supporter
from webapp.services import audit, tasks
from webapp.services.acting import Missing, TooLate, load_locked
from webapp.services.locking import Held, lock_rows
from webapp.services.pairs import endings
from webapp.services.pairs.endings import Ending
from webapp.services.safety import records

Pair = tuple[Held, Introduction]
THEN = {Follows.ENDS: Then.REST, Follows.CHANGES: Then.ANOTHER}
STRAIN = {Follows.HEAVIER: Decimal("0.5"), Follows.LIGHTER: Decimal(0)}
"""How much less room a supporter counts as having: half of it, or none less."""
SOON = {Urgency.TODAY: Soon.TODAY, Urgency.NEXT_DAY: Soon.NEXT_DAY}


def hold(session: Session, checkin_id: UUID, follows: Follows | None) -> tuple[CheckIn, Pair | None]:
    """Lock a check-in, after whatever its answer will change. Raises Missing."""
    pair_id = session.scalar(select(CheckIn.introduction_id).where(CheckIn.id == checkin_id))
    if pair_id is None:
        raise Missing
    pair = endings.hold_pair(session, pair_id) if follows in THEN else None
    if follows in (*STRAIN, Follows.SHE_RESTS):
        hers = select(Introduction.supporter_id).where(Introduction.id == pair_id)
        lock_rows(session, Supporter, Supporter.id.in_(hers))
    return load_locked(session, CheckIn, checkin_id), pair


def follow(
    session: Session, actor: Actor, checkin: CheckIn, pair: Pair | None, urgency: Urgency, *, now: datetime
) -> None:
    """Do what follows from what was answered, and lay it on the desk where somebody must look."""
    follows = checkins.follows(checkin.said or {})
    if urgency in SOON:
        tasks.open_task(
            session, actor, Kind.CHECK_IN, about=checkin.user_id, thing=checkin.id, soon=SOON[urgency],
            introduction_id=checkin.introduction_id, now=now,
        )  # fmt: skip
    _heed_safety(session, actor, checkin, now=now)
    if pair is not None and follows is not None:
        _end(session, actor, pair, THEN[follows], now=now)
    elif follows is Follows.SHE_RESTS:
        _let_rest(session, actor, checkin.introduction.supporter, now=now)
    elif follows in STRAIN:
        _weigh(session, actor, checkin.introduction.supporter, STRAIN[follows], now=now)


def _heed_safety(session: Session, actor: Actor, checkin: CheckIn, *, now: datetime) -> None:
    """Close every way that leaves the site where it is not surely safe; a yes lets her record count for longer."""
    said = checkin.said or {}
    if checkins.is_unsafe(said):
        records.close_outside(session, checkin.user_id, actor=actor, now=now, code="check-in")
    elif said.get("safe") == "yes":
        with suppress(Missing, TooLate):  # without a record, or with a closed one, there is nothing to renew
            records.still_safe(session, actor, checkin.user_id, now=now)


def _end(session: Session, actor: Actor, pair: Pair, then: Then, *, now: datetime) -> None:
    held, introduction = pair
    if introduction.state != introductions.State.ENDED:
        endings.end(session, actor, held, introduction, Ending(Side.REQUESTER, then), now=now)


def _let_rest(session: Session, actor: Actor, supporter: Supporter, *, now: datetime) -> None:
    """Suggest no new woman to her from this minute on, until a coordinator has talked with her."""
    supporter.rests_why, supporter.rests_until = supporters.Rest.STRAIN, None
    code = supporters.Rest.STRAIN
    audit.record(session, actor, Act.SUPPORTER_RESTED, supporter, at=now, about=supporter.user_id, code=code)
    tasks.open_task(
        session, actor, Kind.STRAIN, about=supporter.user_id, thing=supporter.id, soon=Soon.NEXT_DAY,
        count=now.date().toordinal(), now=now,
    )  # fmt: skip


def _weigh(session: Session, actor: Actor, supporter: Supporter, strain: Decimal, *, now: datetime) -> None:
    if supporter.strain != strain:
        supporter.strain = strain
        audit.record(session, actor, Act.STRAIN_WEIGHED, supporter, at=now, about=supporter.user_id)
