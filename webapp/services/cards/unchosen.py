"""Cards that have lain for days while nobody is asked: a person looks whether she needs something, once each time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.domain import requests
from webapp.domain.access import Actor
from webapp.domain.proposals import NOT_CHOSEN_AFTER, State
from webapp.domain.tasks import Kind, Soon
from webapp.models import Proposal, Request
from webapp.services import tasks
from webapp.services.acting import load_locked
from webapp.services.tasks.order import keeper

SYSTEM = Actor(None)


@dataclass(frozen=True)
class Lying:
    """A request whose cards lie, and since when nothing has happened with them."""

    request_id: UUID
    since: datetime

    def __str__(self) -> str:
        return str(self.request_id)

    @property
    def turn(self) -> int:
        """Tell this time from any other."""
        return int(self.since.timestamp())


def list_lying(session: Session, *, now: datetime) -> list[Lying]:
    """Return whose cards have lain too long and are not on the desk for it yet, the longest first."""
    found = [Lying(*row) for row in session.execute(_lying(now))]
    by_task = {tasks.id_of(Kind.NOT_CHOSEN, one.request_id, one.turn): one for one in found}
    known = tasks.find_opened(session, by_task)
    return [one for task, one in by_task.items() if task not in known]


def _lying(now: datetime) -> Select[UUID, datetime]:
    """Ask since when nothing has happened with the cards of whoever can choose and has asked nobody."""
    asking = select(Proposal.request_id).where(Proposal.state == State.OFFERED)
    moved = func.max(func.coalesce(Proposal.ended_at, Proposal.shown_at))
    asked = select(Request.id, moved).join(Proposal, Proposal.request_id == Request.id)
    asked = asked.where(Request.state == requests.State.PROPOSED, Request.id.not_in(asking)).group_by(Request.id)
    return asked.having(moved <= now - NOT_CHOSEN_AFTER).order_by(moved, Request.id)


def lay_on_the_desk(session: Session, lying: Lying, *, now: datetime) -> bool:
    """Lay one request on the desk; False where something has happened meanwhile."""
    request = load_locked(session, Request, lying.request_id)
    if session.execute(_lying(now).where(Request.id == request.id)).first() is None:
        return False
    tasks.open_task(
        session, SYSTEM, Kind.NOT_CHOSEN, about=request.user_id, thing=request.id, soon=Soon.NEXT_DAY,
        count=lying.turn, now=now,
    )  # fmt: skip
    return True


def list_chosen(session: Session, *, now: datetime) -> list[UUID]:
    """Return the requests that are on the desk for this and need not be any more: she chose, or has no cards now."""
    told = {one.thing for one in keeper.order(session) if one.kind == Kind.NOT_CHOSEN}
    lying = {row[0] for row in session.execute(_lying(now))}
    return sorted(one for one in told if one is not None and one not in lying)


def take_off_the_desk(session: Session, request_id: UUID, *, now: datetime) -> None:
    """End the task about cards that lay."""
    request = load_locked(session, Request, request_id)
    tasks.close_kinds(session, SYSTEM, request.user_id, {Kind.NOT_CHOSEN}, now=now)
