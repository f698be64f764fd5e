"""The queues of the coordinator's desk: who waits and how long, what is late, which check-ins need somebody.

A queue is read a page at a time off the front of an index, and counted no further than a desk can use: a desk with ten
thousand rows reads as little as one with a thousand.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from webapp.content import programme
from webapp.domain import introductions, proposals, requests, waiting
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.models import Introduction, Proposal, Request, Task
from webapp.services import audit, names, tasks
from webapp.services.accounts import closing
from webapp.services.acting import require
from webapp.services.desk import duties, pairs
from webapp.services.introductions import me, not_of
from webapp.services.notices import failures
from webapp.services.safety.closed_files import closed_to
from webapp.services.threads import waiting_words
from webapp.services.waiting import late_before, looked_by, since_of

A_PAGE = 50
MOST_COUNTED = 500
"""How far a queue is counted and turned over; whoever stands behind comes forward as the first ones are helped."""


class Queue(StrEnum):
    """What may need a coordinator."""

    TASKS = "tasks"
    WORDS = "words"
    WAITING = "waiting"
    LATE = "late"
    SHOWN = "shown"
    OFFERS = "offers"
    SILENT = "silent"
    PAIRS = "pairs"
    LEAVING = "leaving"
    UNSENT = "unsent"


ALWAYS_LATE = (Queue.LATE, Queue.SILENT, Queue.UNSENT)
"""Whatever stands in one of these is past its time."""
CLOCKS = ("state", "waiting_since", "looking_since", "look_again_on", "started_at")
Counts = dict[Queue, int]
Columns = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class QueuedRequest:
    """One request in a queue, with its clock."""

    id: UUID
    name: str
    state: str
    waiting_since: datetime
    days: int
    is_late: bool
    look_again_on: date | None = None


@dataclass(frozen=True)
class OpenOffer:
    """One offer that a supporter has not answered yet."""

    request_id: UUID
    name: str
    supporter: str
    expires_at: datetime


@dataclass(frozen=True)
class LatePair:
    """An introduction without a first word in time."""

    id: UUID
    request_id: UUID
    name: str
    supporter: str
    first_contact_by: datetime


@dataclass(frozen=True)
class Page:
    """One page of a queue: its lines, its number from 1, and how many pages there are."""

    lines: Sequence[Any]
    number: int = 1
    last: int = 1


def count_queues(session: Session, actor: Actor, *, now: datetime) -> Counts:
    """Count all queues in one statement, each up to MOST_COUNTED. What a coordinator is part of is in none of them."""
    return count_with_late(session, actor, now=now)[0]


def count_with_late(session: Session, actor: Actor, *, now: datetime) -> tuple[Counts, frozenset[Queue]]:
    """Count all queues, and say in which of them something is surely late, in the same one statement.

    By when a task is due stands sealed. What was opened before the last working day is late, however soon it was due.
    """
    require(actor, Action.SEE_DESK, Subject())
    *found, late_tasks, late_words = session.execute(_counting(), _asked(actor, now)).one()
    counts = dict(zip(Queue, found, strict=True))
    is_late = {Queue.TASKS: late_tasks, Queue.WORDS: late_words, **{queue: counts[queue] for queue in ALWAYS_LATE}}
    return counts, frozenset(queue for queue, count in is_late.items() if count)


def read_queue(session: Session, actor: Actor, queue: Queue, number: int, *, counts: Counts, now: datetime) -> Page:
    """Return one page of a queue, the longest wait first; past the end, the last one."""
    require(actor, Action.SEE_DESK, Subject())
    last = max(1, ceil(counts[queue] / A_PAGE))
    number = min(max(1, number), last)
    rows = _read_rows(session, actor, queue, (number - 1) * A_PAGE, now)
    return Page(_lines(session, queue, rows, now), number, last)


def _read_rows(session: Session, actor: Actor, queue: Queue, start: int, now: datetime) -> Sequence[Any]:
    if queue is Queue.TASKS:
        return tasks.read_page(session, actor, start, A_PAGE)
    return session.execute(_rows_of(queue).offset(start).limit(A_PAGE), _asked(actor, now)).all()


def _asked(actor: Actor, now: datetime) -> dict[str, Any]:
    overdue = waiting.late_before(programme.load().staffed, within=1, now=now)
    return {"me": actor.id, "now": now, "late": late_before(now), "overdue": overdue}


def record_reading(session: Session, actor: Actor, queue: Queue, *, now: datetime) -> None:
    """Record that a coordinator looked at a queue: a list without answers is one reading."""
    require(actor, Action.SEE_DESK, Subject())
    audit.record_by_name(session, actor, Act.QUEUE_READ, "queues", at=now, code=queue)


def queued(request: Request | Row[Any], name: str, *, now: datetime) -> QueuedRequest:
    """Put a request beside its clock: the working days since somebody looks for her, as her own page counts them."""
    since, hours = since_of(request), programme.load().staffed
    today = hours.day_of(now)
    is_late = request.state == requests.State.WAITING and today > looked_by(request)
    days = hours.working_days_since(hours.day_of(since), today)
    sent = request.waiting_since or request.started_at
    return QueuedRequest(request.id, name, request.state, sent, days, is_late, request.look_again_on)


@cache
def _counting() -> Select[*tuple[Any, ...]]:
    """Write the statement once: to build it takes longer than to run it."""
    is_overdue = Task.opened_at < bindparam("overdue", type_=Task.opened_at.type)
    overdue = (_count(_rows_of(queue).where(is_overdue)) for queue in (Queue.TASKS, Queue.WORDS))
    return select(*(_count(_rows_of(queue)) for queue in Queue), *overdue)


def _count(rows: Columns) -> ColumnElement[int]:
    entries = rows.order_by(None).with_only_columns(literal(1), maintain_column_froms=True).limit(MOST_COUNTED)
    return select(func.count()).select_from(entries.subquery()).scalar_subquery()


def _rows_of(queue: Queue) -> Columns:
    """Ask for the rows of a queue; who asks and when are told as `me`, `now` and `late`."""
    ask: dict[Queue, Callable[[], Columns]] = {
        Queue.TASKS: tasks.open_at_the_desk,
        Queue.WORDS: waiting_words.unanswered,
        Queue.WAITING: lambda: _requests(requests.State.WAITING),
        Queue.LATE: _late,
        Queue.SHOWN: lambda: _requests(requests.State.PROPOSED),
        Queue.OFFERS: _offers,
        Queue.SILENT: _silent,
        Queue.PAIRS: pairs.live,
        Queue.LEAVING: closing.wishes,
        Queue.UNSENT: failures.failed,
    }
    return ask[queue]()


def _late() -> Columns:
    late = Request.looking_since < bindparam("late", type_=Request.looking_since.type)
    found = _requests(requests.State.WAITING).where(late)
    return found.order_by(None).order_by(Request.looking_since, Request.id)


def _requests(state: requests.State) -> Columns:
    needed = (getattr(Request, column) for column in (*Request.name.needs(), *CLOCKS))
    found = select(*needed).where(Request.state == state, Request.user_id != me())
    found = found.where(Request.user_id.not_in(closed_to(me())))
    return found.order_by(Request.waiting_since, Request.id)


def _offers() -> Columns:
    needed = (Proposal.request_id, Proposal.supporter_id, Proposal.expires_at)
    open_ = select(*needed).where(Proposal.state == proposals.State.OFFERED, *not_of(me(), Proposal))
    return open_.order_by(Proposal.expires_at, Proposal.id)


def _silent() -> Columns:
    now = bindparam("now", type_=Introduction.first_contact_by.type)
    late = (Introduction.state == introductions.State.INTRODUCED, Introduction.first_contact_by < now)
    pair = Introduction
    needed = (pair.id, pair.request_id, pair.supporter_id, pair.first_contact_by)
    found = select(*needed).where(*late, *not_of(me(), Introduction))
    return found.order_by(Introduction.first_contact_by, Introduction.id)


def _lines(session: Session, queue: Queue, rows: Sequence[Any], now: datetime) -> list[Any]:
    match queue:
        case Queue.TASKS:
            return duties.say_all(session, rows, now=now)
        case Queue.WORDS:
            return duties.name_all(session, rows)
        case Queue.WAITING | Queue.LATE | Queue.SHOWN:
            return [queued(one, Request.name.shown(one) or "", now=now) for one in rows]
        case Queue.OFFERS:
            return [_open_offer(one, *both) for one, both in _with_names(session, rows)]
        case Queue.SILENT:
            return [_late_pair(one, *both) for one, both in _with_names(session, rows)]
        case Queue.PAIRS:
            return [pairs.line(one, *both) for one, both in _with_names(session, rows)]
        case Queue.LEAVING:
            return closing.say_wishes(session, rows)
        case Queue.UNSENT:
            return failures.say_failures(session, rows)


def _with_names(session: Session, rows: Sequence[Any]) -> Iterator[tuple[Any, tuple[str, str]]]:
    """Give each row the names of its woman and of its supporter."""
    women = names.of_requests(session, (one.request_id for one in rows))
    supporters = names.of_supporters(session, (one.supporter_id for one in rows))
    for one in rows:
        yield one, (women.get(one.request_id, ""), supporters.get(one.supporter_id, ""))


def _open_offer(one: Row[Any], woman: str, supporter: str) -> OpenOffer:
    return OpenOffer(one.request_id, woman, supporter, one.expires_at)


def _late_pair(one: Row[Any], woman: str, supporter: str) -> LatePair:
    return LatePair(one.id, one.request_id, woman, supporter, one.first_contact_by)
