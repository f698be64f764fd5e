"""The pairs that go on, as the desk lists them, and one pair with its check-ins; never what the two wrote."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from webapp.domain import checkins as rules
from webapp.domain import introductions
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.introductions import State
from webapp.models import CheckIn, Introduction
from webapp.services import audit, checkins, names
from webapp.services.absences.standing import AtTheDesk, read_for_desk
from webapp.services.absences.telling import Absence, absence_of
from webapp.services.acting import Missing, require
from webapp.services.introductions import WITHOUT_ANSWERS, me, not_of, subject_of
from webapp.services.safety.closed_files import require_as_staff

MOST_CHECKINS = 60


@dataclass(frozen=True)
class PairLine:
    """One pair in the list of those that go on."""

    id: UUID
    name: str
    supporter: str
    state: str
    introduced_at: datetime
    until: date
    is_cover: bool = False


@dataclass(frozen=True)
class AnsweredCheckIn:
    """One check-in of a pair: of which side, when it was due and answered, what became of it, what was said."""

    id: UUID
    side: rules.Side
    kind: str
    due_on: date
    answered_at: datetime | None
    state: str
    said: Any


@dataclass(frozen=True)
class ReadPair:
    """A pair as a coordinator reads it."""

    line: PairLine
    request_id: UUID
    supporter_id: UUID
    woman_id: UUID
    ended_at: datetime | None
    ending: Any
    checkins: list[AnsweredCheckIn]
    cover: AtTheDesk | None
    covers_id: UUID | None

    @property
    def has_ended(self) -> bool:
        """Say whether it is over."""
        return self.line.state == State.ENDED


def live() -> Select[*tuple[Any, ...]]:
    """Ask for the pairs that go on, as a coordinator told as `me` may see them, the longest first."""
    pair = Introduction
    needed = (pair.id, pair.request_id, pair.supporter_id, pair.state, pair.introduced_at, pair.until, pair.covers_id)
    going_on = (pair.state.in_(sorted(introductions.LIVE)), *not_of(me(), Introduction))
    return select(*needed).where(*going_on).order_by(pair.introduced_at, pair.id)


def line(row: Row[Any] | Introduction, woman: str, supporter: str) -> PairLine:
    """Put names to a pair."""
    return PairLine(row.id, woman, supporter, row.state, row.introduced_at, row.until, row.covers_id is not None)


@dataclass(frozen=True)
class TwoOfATask:
    """Of which two a task is, for who may not open the pair itself: their names, how they stand, who is away."""

    line: PairLine
    absence: Absence | None


def read_two(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> TwoOfATask:
    """Return the two of a task that somebody was just given to read. Raises Missing."""
    pair = _load(session, actor, introduction_id, Action.FINISH_TASK)
    return TwoOfATask(_named(session, pair), absence_of(pair.supporter, now=now))


def read_pair(session: Session, actor: Actor, introduction_id: UUID) -> ReadPair:
    """Return one pair with all its check-ins. Raises Missing. The reading is for the audit to record."""
    pair = _load(session, actor, introduction_id)
    shown = _named(session, pair)
    ending = Introduction.ending.shown(pair)
    ids = (pair.request_id, pair.supporter_id, pair.request.user_id)
    cover = read_for_desk(session, pair.id) if pair.covers_id is None else None
    return ReadPair(shown, *ids, pair.ended_at, ending, _checkins_of(session, pair), cover, pair.covers_id)


def record_reading(session: Session, actor: Actor, read: ReadPair, *, now: datetime) -> None:
    """Record that a coordinator opened a pair that she was just given to read."""
    require(actor, Action.SEE_DESK, Subject())
    thing = Introduction.__tablename__
    audit.record_by_name(session, actor, Act.PAIR_READ, thing, at=now, thing_id=read.line.id, about=read.woman_id)


def _named(session: Session, pair: Introduction) -> PairLine:
    women = names.of_requests(session, [pair.request_id])
    supporters = names.of_supporters(session, [pair.supporter_id])
    return line(pair, women.get(pair.request_id, ""), supporters.get(pair.supporter_id, ""))


def _load(session: Session, actor: Actor, introduction_id: UUID, action: Action = Action.READ_PAIR) -> Introduction:
    pair = session.get(Introduction, introduction_id, options=WITHOUT_ANSWERS)
    if pair is None:
        raise Missing
    require_as_staff(session, actor, action, subject_of(pair))
    return pair


def _checkins_of(session: Session, pair: Introduction) -> list[AnsweredCheckIn]:
    of_pair = select(CheckIn).where(CheckIn.introduction_id == pair.id, CheckIn.state != rules.State.DUE)
    found = session.scalars(of_pair.order_by(CheckIn.due_on.desc(), CheckIn.id).limit(MOST_CHECKINS))
    return [
        AnsweredCheckIn(
            one.id, checkins.side_of(one), one.kind, one.due_on, one.answered_at, one.state, CheckIn.said.shown(one)
        )
        for one in found
    ]  # fmt: skip
