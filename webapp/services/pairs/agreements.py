"""What two agree on: one proposes, the other agrees or proposes otherwise; later it is changed in the same way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain import agreements, introductions
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.models import Agreement, Introduction
from webapp.services import audit
from webapp.services.acting import Refused, TooLate, load_locked
from webapp.services.introductions import load_pair
from webapp.services.pairs import wishes
from webapp.services.pairs.holding import check_open, is_open, lock_open, lock_pair, tell_other

Terms = dict[str, Any]
"""What is proposed: ways, often, often_words, weeks, private; what nobody spoke of is missing."""


class BadTerms(Exception):
    """Raised for terms that say nothing, or what nobody was offered."""


@dataclass(frozen=True)
class ShownTerms:
    """Terms as one of the two sees them; `terms` is empty where they cannot be read."""

    id: UUID
    terms: Terms
    is_mine: bool
    proposed_at: datetime
    agreed_at: datetime | None

    @property
    def is_unread(self) -> bool:
        """Say whether the terms cannot be read."""
        return not self.terms

    def ends_on(self, day: date) -> bool:
        """Say whether this day is the last one that both agreed on; a later one came by itself."""
        weeks, at = self.terms.get("weeks"), self.agreed_at
        return weeks is not None and at is not None and agreements.until(weeks, at) == day


@dataclass(frozen=True)
class Standing:
    """Where the two stand: what holds, what is proposed beyond it, and whether to ask the one who looks."""

    agreed: ShownTerms | None
    proposed: ShownTerms | None
    asks: bool


def read_standing(
    session: Session, actor: Actor, introduction_id: UUID, put_off: wishes.Wishes, *, now: datetime
) -> Standing:
    """Return what the two agreed on and what is proposed. Somebody is asked until one of the two has proposed."""
    introduction = load_pair(session, actor, introduction_id)
    last = select(func.max(Agreement.proposed_at)).where(Agreement.introduction_id == introduction.id)
    held = select(func.max(Agreement.agreed_at)).where(Agreement.introduction_id == introduction.id)
    latest = or_(Agreement.proposed_at == last.scalar_subquery(), Agreement.agreed_at == held.scalar_subquery())
    asked = select(Agreement).where(Agreement.introduction_id == introduction.id, latest)
    found = [_shown(one, actor) for one in session.scalars(asked.order_by(Agreement.proposed_at, Agreement.id))]
    agreed = max((one for one in found if one.agreed_at), key=_agreed_at, default=None)
    newest = found[-1] if found and found[-1].agreed_at is None else None
    asks = agreed is None and newest is None and is_open(introduction)
    return Standing(agreed, newest, asks and agreements.asks_again(put_off.times_put_off, put_off.put_off_at, now))


def _agreed_at(shown: ShownTerms) -> datetime:
    assert shown.agreed_at is not None
    return shown.agreed_at


def _shown(row: Agreement, actor: Actor) -> ShownTerms:
    terms = Agreement.terms.shown(row)
    read = {} if isinstance(terms, Unreadable) else terms
    return ShownTerms(row.id, read, row.proposed_by == actor.id, row.proposed_at, row.agreed_at)


def propose(
    session: Session, actor: Actor, introduction_id: UUID, terms: Mapping[str, Any], *, now: datetime
) -> Agreement:
    """Propose terms in place of what was proposed before; the same as the other's is a yes to hers.

    Raises BadTerms; WrongStep where the two may not be in contact.
    """
    introduction = lock_open(session, actor, introduction_id, Action.AGREE)
    if introduction.covers_id is not None:  # it lasts until the other is back
        raise BadTerms
    said = {name: value for name, value in terms.items() if value}
    if not said or said.get("weeks", agreements.SUGGESTED_WEEKS) not in agreements.WEEKS:
        raise BadTerms
    latest = _latest(session, introduction)
    if latest is not None and Agreement.terms.shown(latest) == said:
        if latest.proposed_by != actor.id and latest.agreed_at is None:
            _agree(session, actor, introduction, latest, now)
        return latest
    row = Agreement(introduction_id=introduction.id, proposed_by=actor.id, proposed_at=now, terms=said)
    session.add(row)
    session.flush()
    audit.record(session, actor, Act.TERMS_PROPOSED, row, at=now, about=introduction.request.user_id)
    tell_other(session, introduction, actor, about=str(row.id), now=now)
    return row


def _latest(session: Session, introduction: Introduction) -> Agreement | None:
    asked = select(Agreement).where(Agreement.introduction_id == introduction.id)
    return session.scalars(asked.order_by(Agreement.proposed_at.desc(), Agreement.id.desc()).limit(1)).first()


def agree(session: Session, actor: Actor, introduction_id: UUID, agreement_id: UUID, *, now: datetime) -> None:
    """Say yes to what the other proposed. Raises Missing; TooLate where she has proposed otherwise meanwhile."""
    introduction = lock_pair(session, actor, introduction_id, Action.AGREE)
    row = load_locked(session, Agreement, agreement_id)
    if row.introduction_id != introduction.id or row.proposed_by == actor.id:
        raise Refused(introduction.request.user_id)
    check_open(introduction)
    latest = _latest(session, introduction)
    if row.agreed_at is not None:
        return
    if latest is None or latest.id != row.id:
        raise TooLate
    _agree(session, actor, introduction, row, now)


def _agree(session: Session, actor: Actor, introduction: Introduction, row: Agreement, now: datetime) -> None:
    row.agreed_at = now
    terms = Agreement.terms.shown(row)
    weeks = None if isinstance(terms, Unreadable) else terms.get("weeks")
    if weeks and introduction.state != introductions.State.ENDING:  # on a last day that one has chosen they part
        introduction.until, introduction.wishes = agreements.until(weeks, now), None
    audit.record(session, actor, Act.AGREED_ON_TERMS, row, at=now, about=introduction.request.user_id)
    tell_other(session, introduction, actor, about=f"{row.id}:agreed", now=now)


def put_off(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Leave the question for later: it is asked once more, after some days."""
    introduction = lock_pair(session, actor, introduction_id, Action.AGREE)
    before = wishes.read_wishes(session, actor, introduction)
    if not agreements.asks_again(before.times_put_off, before.put_off_at, now):
        return  # a second tap
    row = wishes.keep(session, actor, introduction, put_off=before.times_put_off + 1, put_off_at=now.isoformat())
    audit.record(session, actor, Act.TERMS_PUT_OFF, row, at=now, about=actor.id)
