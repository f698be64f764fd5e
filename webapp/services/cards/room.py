"""On how many open cards supporters stand elsewhere, and how many ask them: so that what is shown can be had."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.domain.proposals import A_CARD_HOLDS, State, is_shown_enough
from webapp.models import Proposal, Supporter


@dataclass(frozen=True)
class Elsewhere:
    """How many other women are shown her card or ask her, how many of them ask, and how many cards hold a place."""

    shown: int = 0
    asking: int = 0
    holding: int = 0

    def is_enough(self, free: int) -> bool:
        """Say whether she should be shown to nobody else, with so many free places."""
        return is_shown_enough(self.holding, free)


NOWHERE = Elsewhere()


def look_elsewhere(
    session: Session, supporter_ids: Iterable[UUID], request_id: UUID, *, now: datetime
) -> dict[UUID, Elsewhere]:
    """Count the open cards and offers of some supporters in other requests; who has none is left out."""
    is_asked = Proposal.state == State.OFFERED
    columns = (func.count(), func.sum(_one_where(is_asked)), func.sum(_one_where(or_(is_asked, _holds(now)))))
    counted = select(Proposal.supporter_id, *columns).where(
        Proposal.supporter_id.in_(set(supporter_ids)),
        Proposal.state.in_((State.SHOWN, State.OFFERED)),
        Proposal.request_id != request_id,
    )
    rows = session.execute(counted.group_by(Proposal.supporter_id))
    return {supporter_id: Elsewhere(*counts) for supporter_id, *counts in rows}


def _one_where(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((holds, 1), else_=0)


def _holds(now: datetime) -> ColumnElement[bool]:
    """Ask for cards that may soon be asked: next in her order, or fresh, and not left aside for another one."""
    other = aliased(Proposal)
    is_asking = select(other.id).where(other.request_id == Proposal.request_id, other.state == State.OFFERED).exists()
    is_fresh = Proposal.shown_at > now - A_CARD_HOLDS
    return or_(Proposal.her_order.is_not(None), and_(is_fresh, not_(is_asking)))


def read_free(session: Session, supporter_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many places of each supporter are free."""
    asked = select(Supporter.id, Supporter.capacity - Supporter.taken).where(Supporter.id.in_(set(supporter_ids)))
    return {row[0]: row[1] for row in session.execute(asked)}
