"""From the outbox to the ways out: one person at a time, her notices together, in three steps.

`take` asks the gate and leases her notices, `send` sends one letter without holding anything in the database, `settle`
writes down what came of it. Whoever is killed between the last two sends again once the lease has ended: at least once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from webapp.config import MailSettings
from webapp.content import letters
from webapp.domain.access import Role as RoleName
from webapp.domain.notices import AT_ONCE, MOST_TRIES, TOGETHER, Event, Notice, State, step
from webapp.domain.safe_contact import Channel, Wording
from webapp.models import NoticeAddress, OutboxRow, Role, User
from webapp.services import outbox
from webapp.services.notices import gate
from webapp.services.notices.channels import Clock, Sender
from webapp.services.notices.channels import NotSent as NotSent  # the job names it by this module
from webapp.services.notices.channels.folder import Folder
from webapp.services.notices.channels.smtp import Server
from webapp.services.notices.gate import Later, Permit, Refusal
from webapp.services.notices.gate import NotPermitted as NotPermitted
from webapp.services.notices.stale import why_stale
from webapp.services.work import pause_after

LEASE = timedelta(minutes=5)
"""Longer than the slowest line lets one letter take."""
SLOWER = 3
"""The pauses begin as if so many tries had failed: eight tries span an hour and a half, which outlasts a grey list."""
NOBODY, NOT_SAID = "nobody", "not_permitted"
MOST_PEOPLE = 200


@dataclass(frozen=True)
class Taken:
    """The notices of one person that are about to be sent as one letter."""

    lease: str
    permit: Permit
    letter: letters.Letter


# Notices for the desk


def spread(session: Session, *, now: datetime) -> int:
    """Write a notice for the desk anew for each coordinator who gave an address. Returns how many there were."""
    for_the_desk = select(OutboxRow).where(
        OutboxRow.state == State.READY, OutboxRow.to_user_id.is_(None), OutboxRow.due_at <= now
    )
    found = session.scalars(
        for_the_desk.order_by(OutboxRow.id).limit(MOST_PEOPLE).with_for_update(skip_locked=True)
    ).all()
    staff = _coordinators_with_address(session) if found else []
    for row in found:
        for user_id in staff:
            key = row.dedupe.removeprefix(f"{row.kind}:")
            outbox.put(
                session, Notice(row.kind), dedupe=f"{key}:{user_id}", due_at=row.due_at, to=user_id, **row.payload
            )  # fmt: skip
        _settle(row, Event.SPREAD, now=now, code=None if staff else NOBODY)
    return len(found)


def _coordinators_with_address(session: Session) -> list[UUID]:
    with_address = select(NoticeAddress.user_id).where(NoticeAddress.confirmed_at.is_not(None))
    staff = select(User.id).join(User.roles).where(Role.name == RoleName.COORDINATOR, User.active.is_(True))
    return list(session.scalars(staff.where(User.id.in_(with_address)).order_by(User.id)))


# One person


def list_people(session: Session, *, now: datetime) -> list[UUID]:
    """Return who has notices that are due and in nobody's hands, whoever waits longest first."""
    due = select(OutboxRow.to_user_id).where(*_ready(now), OutboxRow.to_user_id.is_not(None))
    first = due.group_by(OutboxRow.to_user_id).order_by(func.min(OutboxRow.due_at), OutboxRow.to_user_id)
    return [one for one in session.scalars(first.limit(MOST_PEOPLE)) if one is not None]


def _ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxRow.state == State.READY,
        OutboxRow.due_at <= now,
        or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= now),
        or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until <= now),
    )


def take(session: Session, user_id: UUID, settings: MailSettings, *, now: datetime) -> Taken | None:
    """Lease the notices of one person for one letter, as the gate permits; None where none leaves now.

    What is stale is dropped and what the gate refuses is settled, each with its code; what must wait, waits.
    """
    hers = select(OutboxRow).where(OutboxRow.to_user_id == user_id, *_ready(now)).order_by(OutboxRow.id)
    rows = _drop_stale(session, session.scalars(hers.with_for_update(skip_locked=True)).all(), now)
    rows = _of_one_letter(rows)
    if not rows:
        return None
    kinds = frozenset(Notice(row.kind) for row in rows)
    verdict = _decide(session, user_id, kinds, settings, now)
    if isinstance(verdict, Permit):
        return _lease(rows, verdict, _letter_for(session, user_id, kinds), now)
    _hold_back(rows, verdict, now)
    return None


def _decide(
    session: Session, user_id: UUID, kinds: frozenset[Notice], settings: MailSettings, now: datetime
) -> gate.Verdict:
    if not settings.is_there:
        return Refusal(gate.Code.NO_WAY_OUT)
    after = _after_the_last(session, user_id, kinds, now)
    if after is not None:
        return Later(after)
    return gate.decide(session, user_id, Channel.EMAIL, kinds, Wording.NEUTRAL, now=now)


def _hold_back(rows: list[OutboxRow], verdict: Refusal | Later, now: datetime) -> None:
    for row in rows:
        if isinstance(verdict, Later):
            row.not_before = verdict.at
        else:
            _settle(row, Event.REFUSED, now=now, code=verdict.code)


def _drop_stale(session: Session, rows: Sequence[OutboxRow], now: datetime) -> list[OutboxRow]:
    left = []
    for row in rows:
        code = why_stale(session, row, now=now)
        if code is None:
            left.append(row)
        else:
            _settle(row, Event.OUTDATED, now=now, code=code)
    return left


def _of_one_letter(rows: list[OutboxRow]) -> list[OutboxRow]:
    """Let a code go alone, to the address that it proves, and everything else together."""
    codes = [row for row in rows if row.kind == Notice.CONFIRM_YOUR_ADDRESS]
    return codes or rows


def _after_the_last(session: Session, user_id: UUID, kinds: frozenset[Notice], now: datetime) -> datetime | None:
    """Say until when these wait, because a letter went to her a short while ago."""
    if kinds & AT_ONCE:
        return None
    sent = select(func.max(OutboxRow.settled_at)).where(
        OutboxRow.to_user_id == user_id, OutboxRow.state == State.SENT, OutboxRow.settled_at > now - TOGETHER
    )
    last = session.scalar(sent)
    return last + TOGETHER if last is not None and last <= now else None


def _letter_for(session: Session, user_id: UUID, kinds: frozenset[Notice]) -> letters.Letter:
    language = session.get_one(User, user_id).language
    if Notice.CONFIRM_YOUR_ADDRESS not in kinds:
        return letters.find("update", language)
    row = session.scalars(select(NoticeAddress).where(NoticeAddress.user_id == user_id)).one()
    letter = letters.find("code", language)
    return letters.Letter(letter.subject, letter.text.format(code=row.said["code"]))


def _lease(rows: list[OutboxRow], permit: Permit, letter: letters.Letter, now: datetime) -> Taken:
    lease = token_hex(16)
    for row in rows:
        row.lease_by, row.lease_until, row.attempts = lease, now + LEASE, row.attempts + 1
    return Taken(lease, permit, letter)


def _settle(row: OutboxRow, event: Event, *, now: datetime, code: str | None = None) -> None:
    row.state = step(State(row.state), event)
    row.settled_at, row.code, row.lease_by, row.lease_until = now, code, None, None


# Sending, and what came of it


def sender(settings: MailSettings) -> Sender:
    """Return the way out that the settings name."""
    return Folder(settings, settings.folder) if settings.folder is not None else Server(settings)


def send(taken: Taken, settings: MailSettings, *, clock: Clock) -> None:
    """Send one letter. Raises NotSent, NotPermitted."""
    sender(settings).send(taken.permit, taken.letter, clock=clock)


def send_test(address: str, language: str, settings: MailSettings, *, clock: Clock) -> None:
    """Send the operator's test to the address that she typed. Raises NotSent, NotPermitted."""
    permit = gate.permit_test(address, now=clock())
    sender(settings).send(permit, letters.find("test", language), clock=clock)


def settle(session: Session, taken: Taken, failure: NotSent | NotPermitted | None, *, now: datetime) -> int:
    """Write down what came of a letter. Returns how many notices it settled; none where its lease had ended."""
    leased = select(OutboxRow).where(OutboxRow.lease_by == taken.lease, OutboxRow.state == State.READY)
    rows = session.scalars(leased.order_by(OutboxRow.id).with_for_update()).all()
    for row in rows:
        if failure is None:
            _settle(row, Event.SENT, now=now)
        else:
            _try_later(row, failure, now)
    return len(rows)


def _try_later(row: OutboxRow, failure: NotSent | NotPermitted, now: datetime) -> None:
    code = failure.code if isinstance(failure, NotSent) else NOT_SAID
    is_final = isinstance(failure, NotSent) and failure.is_final
    if is_final or row.attempts >= MOST_TRIES:
        _settle(row, Event.FAILED, now=now, code=code)
        return
    row.lease_by, row.lease_until, row.code = None, None, code
    row.not_before = now + pause_after(row.attempts + SLOWER)
