"""One order of locks, so that no two acts ever wait for each other: docs/races.md says why and what each act locks.

Request, its proposals, supporters, introductions, each kind by id; then check-ins and whatever hangs on one row; the
chain of the audit last of all. Two acts on one request meet at its row, before either holds anything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Load, Session

from webapp.domain import introductions, proposals
from webapp.domain.absences import covers
from webapp.models import (
    CheckIn,
    Concern,
    Cover,
    Hold,
    Introduction,
    Message,
    Proposal,
    Request,
    StaffMember,
    Supporter,
    Task,
    Thread,
)
from webapp.models.rows import Row

Thing = TypeVar("Thing", bound=Row)

ORDER: tuple[type[Row], ...] = (
    *(Request, Proposal, Supporter, Introduction, Cover, CheckIn, Message, Thread, Concern, Hold, StaffMember, Task),
)
"""No act locks a row of one kind while it holds one of a later kind."""


@dataclass(frozen=True)
class Held:
    """A request and everything that hangs on it, locked and read afresh: nobody else changes any of it meanwhile."""

    request: Request
    proposals: list[Proposal]
    supporters: dict[UUID, Supporter]
    introductions: list[Introduction]
    covers: list[Cover]

    def cover_of(self, introduction_id: UUID) -> Cover | None:
        """Return the open cover of a pair."""
        return next((one for one in self.covers if one.introduction_id == introduction_id), None)


def lock_rows(session: Session, kind: type[Thing], *which: ColumnElement[bool]) -> list[Thing]:
    """Lock rows of one kind by id, and read them as they are once the lock is held, whatever was read before.

    What hangs on a row is read again when it is asked for: a join would show it as it was before the wait.
    """
    return list(session.scalars(_locked(kind).where(*which)))


def _locked(kind: type[Thing]) -> Select[Thing]:
    """FOR NO KEY UPDATE lets others insert rows that point to this one; they would wait for FOR UPDATE in any order."""
    fresh = select(kind).order_by(kind.id).options(Load(kind).lazyload("*"))
    return fresh.with_for_update(key_share=True).execution_options(populate_existing=True)


def lock_request(session: Session, request_id: UUID, *, and_supporters: Iterable[UUID] = ()) -> Held | None:
    """Lock a request and what hangs on it: live proposals, live introductions, supporters of both, covers; in order.

    `and_supporters` are those who are about to be proposed. None where there is no such request.
    """
    found = lock_rows(session, Request, Request.id == request_id)
    if not found:
        return None
    hers = Proposal.request_id == request_id, Proposal.state.in_(sorted(proposals.LIVE))
    open_ = lock_rows(session, Proposal, *hers)
    live = Introduction.request_id == request_id, Introduction.state.in_(sorted(introductions.LIVE))
    met = session.scalars(select(Introduction.supporter_id).where(*live))
    wanted = {*and_supporters, *met, *(one.supporter_id for one in open_)}
    held = lock_rows(session, Supporter, Supporter.id.in_(wanted)) if wanted else []
    pairs = lock_rows(session, Introduction, *live)
    of_pairs = Cover.introduction_id.in_([one.id for one in pairs]), Cover.state.in_(sorted(covers.OPEN))
    named = lock_rows(session, Cover, *of_pairs) if pairs else []
    return Held(found[0], open_, {one.id: one for one in held}, pairs, named)
