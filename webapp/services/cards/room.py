"""On how many open cards supporters stand elsewhere, and how often they are asked: so that what is shown can be had."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.proposals import State, is_shown_enough
from webapp.models import Proposal, Supporter


@dataclass(frozen=True)
class Elsewhere:
    """How many other women are shown her card, and how many ask her now."""

    shown: int = 0
    asking: int = 0

    def is_enough(self, free: int) -> bool:
        """Say whether she should be shown to nobody else, with so many free places."""
        return is_shown_enough(self.shown + self.asking, free)


NOWHERE = Elsewhere()


def look_elsewhere(session: Session, supporter_ids: Iterable[UUID], request_id: UUID) -> dict[UUID, Elsewhere]:
    """Count the open cards and offers of some supporters in other requests; who has none is left out."""
    counted = select(Proposal.supporter_id, Proposal.state, func.count()).where(
        Proposal.supporter_id.in_(set(supporter_ids)),
        Proposal.state.in_((State.SHOWN, State.OFFERED)),
        Proposal.request_id != request_id,
    )
    found: dict[UUID, dict[str, int]] = {}
    for supporter_id, state, count in session.execute(counted.group_by(Proposal.supporter_id, Proposal.state)):
        found.setdefault(supporter_id, {})[state] = count
    return {one: Elsewhere(of.get(State.SHOWN, 0), of.get(State.OFFERED, 0)) for one, of in found.items()}


def read_free(session: Session, supporter_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many places of each supporter are free."""
    asked = select(Supporter.id, Supporter.capacity - Supporter.taken).where(Supporter.id.in_(set(supporter_ids)))
    return {row[0]: row[1] for row in session.execute(asked)}
