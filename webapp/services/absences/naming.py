"""Who covers for the supporter of a pair: named by the ranking within minutes of the first day, or by a coordinator.

She learns nothing of it. Where the ranking finds nobody, or the woman has named people whom she does not want to meet
and a person must read it first, the desk gets a task.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import access, introductions
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.covers import Event, State
from webapp.domain.tasks import Kind, Soon
from webapp.models import Cover, Introduction, Request, Role, Supporter, User
from webapp.services import audit, avoided, matching, names, tasks
from webapp.services.absences import rows
from webapp.services.acting import Missing, TooLate, require
from webapp.services.answers import answers_of
from webapp.services.introductions import WITHOUT_ANSWERS, subject_of
from webapp.services.safety.closed_files import list_closed_to, require_as_staff

SYSTEM = Actor(None)
TOP = 20
"""Among so many of a ranking a cover is looked for."""


class NamesUnread(Exception):
    """Raised where a woman has named people to keep from her, and nobody says that the names were read."""


@dataclass(frozen=True)
class Choice:
    """Whom the ranking chose for a pair; None where a person must name somebody. `tried` counts the tries so far."""

    introduction_id: UUID
    supporter_id: UUID | None
    tried: int

    def __str__(self) -> str:
        return str(self.introduction_id)


def list_to_name(session: Session, *, now: datetime) -> list[Choice]:
    """Return the pairs without a cover, with whom the ranking chose for each."""
    open_ = select(Cover.introduction_id).where(rows.OPEN)
    alone = Introduction.covers_id.is_(None), Introduction.state.in_(sorted(introductions.LIVE))
    found = select(Introduction.id).where(*alone, Introduction.id.not_in(open_)).order_by(Introduction.introduced_at)
    tries = {one: _count_tries(session, one) for one in session.scalars(found)}
    by_task = {tasks.id_of(Kind.NO_COVER, pair, tried): pair for pair, tried in tries.items()}
    known = tasks.find_opened(session, by_task)
    return [choose(session, pair, tries[pair], now=now) for task, pair in by_task.items() if task not in known]


def _count_tries(session: Session, introduction_id: UUID) -> int:
    """Count the covers that came to nothing, and one more while the supporter is away: then it is tried anew."""
    ended = select(func.count()).where(Cover.introduction_id == introduction_id, Cover.ended_at.is_not(None))
    is_away = select(Supporter.away_since).join(Introduction, Introduction.supporter_id == Supporter.id)
    since = session.scalar(is_away.where(Introduction.id == introduction_id))
    return 2 * (session.scalar(ended) or 0) + (since is not None)


def choose(session: Session, introduction_id: UUID, tried: int, *, now: datetime) -> Choice:
    """Choose the highest of the ranking who is named for no other pair; where each one is, the highest."""
    request = session.get_one(Introduction, introduction_id, options=WITHOUT_ANSWERS).request
    try:
        if avoided.words_in(answers_of(request)):
            return Choice(introduction_id, None, tried)
        listed = _rank(session, request, introduction_id, now=now)
    except CannotDecrypt:
        return Choice(introduction_id, None, tried)
    named = _named_for(session, listed)
    chosen = next((one for one in listed if one not in named), listed[0] if listed else None)
    return Choice(introduction_id, chosen, tried)


def _rank(session: Session, request: Request, introduction_id: UUID, *, now: datetime) -> list[UUID]:
    """List who could cover, the highest first: nobody who works at the desk, and nobody who gave her no answer."""
    candidates = matching.rank(session, request, top=TOP, now=now).ranking.candidates
    listed = [UUID(one.offer) for one in candidates]
    left_out = set(session.scalars(_at_the_desk()))
    silent = Cover.introduction_id == introduction_id, Cover.state == State.EXPIRED
    left_out |= set(session.scalars(select(Cover.supporter_id).where(*silent)))
    return [one for one in listed if one not in left_out]


def _at_the_desk() -> Select[UUID]:
    """Ask for supporters who work at the desk too: they would read there that they are named."""
    staff = select(User.id).join(User.roles).where(Role.name.in_([access.Role.COORDINATOR, access.Role.APPROVER]))
    return select(Supporter.id).where(Supporter.user_id.in_(staff))


def _named_for(session: Session, supporter_ids: Iterable[UUID]) -> dict[UUID, int]:
    named = select(Cover.supporter_id, func.count()).where(Cover.supporter_id.in_(set(supporter_ids)), rows.OPEN)
    return {row[0]: row[1] for row in session.execute(named.group_by(Cover.supporter_id))}


def name(session: Session, choice: Choice, *, now: datetime) -> bool:
    """Keep whom the ranking chose, or ask the desk. False where somebody was named meanwhile, or the pair is over."""
    try:
        held, pair = rows.hold_pair(
            session, choice.introduction_id, and_supporters=[choice.supporter_id] if choice.supporter_id else []
        )
    except Missing:
        return False
    if rows.lock_open(session, pair.id) is not None:
        return False
    chosen = held.supporters[choice.supporter_id] if choice.supporter_id else None
    if chosen is None or matching.told_of(session, held.request, chosen, now=now) is None:
        _ask_the_desk(session, pair, held.request, choice.tried, now=now)
        return True
    _keep(session, SYSTEM, pair, held.request, chosen.id, now=now)
    return True


def _ask_the_desk(session: Session, pair: Introduction, request: Request, tried: int, *, now: datetime) -> None:
    soon = Soon.TODAY if tried % 2 else Soon.NEXT_DAY
    tasks.open_task(
        session, SYSTEM, Kind.NO_COVER, about=request.user_id, thing=pair.id, soon=soon, introduction_id=pair.id,
        count=tried, now=now,
    )  # fmt: skip


def _keep(
    session: Session, actor: Actor, pair: Introduction, request: Request, supporter_id: UUID, *, now: datetime
) -> None:
    cover = Cover(introduction_id=pair.id, supporter_id=supporter_id, state=State.NAMED, named_at=now)
    cover.named_by = actor.id
    session.add(cover)
    session.flush()
    audit.record(session, actor, Act.COVER_NAMED, cover, at=now, about=request.user_id)
    tasks.close_of_pair(session, actor, pair.id, {Kind.NO_COVER}, now=now)


# By a coordinator


@dataclass(frozen=True)
class Candidates:
    """Who could cover, the highest of the ranking first, by id and name; for whom; and whom the woman must not meet."""

    people: list[tuple[UUID, str]]
    to_avoid: str
    instead_of: str
    introduction_id: UUID
    woman_id: UUID


def list_candidates(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> Candidates:
    """List for a coordinator who could cover, without those whose files are closed to her. Raises Missing."""
    pair = session.get(Introduction, introduction_id, options=WITHOUT_ANSWERS)
    if pair is None or pair.covers_id is not None:
        raise Missing
    require_as_staff(session, actor, Action.NAME_COVER, subject_of(pair))
    closed = list_closed_to(session, actor)
    listed = _rank(session, pair.request, pair.id, now=now)
    whose = select(Supporter.id).where(Supporter.id.in_(listed), Supporter.user_id.not_in(closed))
    seen = set(session.scalars(whose))
    called = names.of_supporters(session, {*seen, pair.supporter_id})
    people = [(one, called.get(one, "")) for one in listed if one in seen]
    to_avoid, instead_of = avoided.words_in(answers_of(pair.request)), called.get(pair.supporter_id, "")
    return Candidates(people, to_avoid, instead_of, pair.id, pair.request.user_id)


def record_reading(session: Session, actor: Actor, read: Candidates, *, now: datetime) -> None:
    """Record that a coordinator opened a pair to name who covers, which she was just given to read."""
    require(actor, Action.SEE_DESK, Subject())
    thing = Introduction.__tablename__
    audit.record_by_name(
        session, actor, Act.PAIR_READ, thing, at=now, thing_id=read.introduction_id, about=read.woman_id
    )


def name_at_desk(
    session: Session, actor: Actor, introduction_id: UUID, supporter_id: UUID, *, has_read_names: bool, now: datetime
) -> None:
    """Name who covers, in place of one who is named and not asked yet. Gates are asked: none can be passed over.

    Raises NamesUnread; TooLate where she cannot, or the woman has said yes to another already.
    """
    held, pair = rows.hold_pair(session, introduction_id, and_supporters=[supporter_id])
    chosen = held.supporters.get(supporter_id)
    if chosen is None:
        raise Missing
    require_as_staff(session, actor, Action.NAME_COVER, subject_of(pair))
    require_as_staff(session, actor, Action.NAME_COVER, Subject(chosen.user_id))
    if avoided.words_in(answers_of(held.request)) and not has_read_names:
        raise NamesUnread
    before = rows.lock_open(session, pair.id)
    if before is not None and before.supporter_id == supporter_id:
        return
    if before is not None and before.state not in (State.NAMED, State.SHOWN):
        raise TooLate
    if matching.told_of(session, held.request, chosen, now=now) is None:
        raise TooLate
    if before is not None:
        rows.move(session, actor, before, Event.WITHDRAWN, about=held.request.user_id, now=now)
        session.flush()
    _keep(session, actor, pair, held.request, supporter_id, now=now)
