"""How a woman may be reached now, as a coordinator reads it. Of what does not count, nothing is shown."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session, defer

from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.requests import State
from webapp.domain.safe_contact import Channel, Contact, Standing, stands
from webapp.models import Request, SafeContact
from webapp.services import audit, questions
from webapp.services.acting import Missing
from webapp.services.requests import subject_of
from webapp.services.safety import reading
from webapp.services.safety.closed_files import require_as_staff


@dataclass(frozen=True)
class Reachable:
    """What counts now, and what ended it where nothing does. The code word is not among it."""

    standing: Standing
    ended_at: datetime | None = None
    ways: list[tuple[Channel, str]] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    contact: Contact = field(default_factory=Contact)
    time_zone: str = ""


def read_reachable(session: Session, actor: Actor, request_id: UUID, language: str, *, now: datetime) -> Reachable:
    """Return how the woman of a request may be reached now. The reading is recorded with that of her request."""
    request = _load(session, actor, request_id, Action.READ_REQUEST)
    known = reading.read(session, request.user_id, now=now)
    if known.counts is None:
        return Reachable(known.standing, known.closed_at or known.valid_until)
    hours = {"answer": sorted(known.counts.hours), "stars": []}
    shown = questions.read_in_role("safe_hours", hours, language)
    return Reachable(
        known.standing,
        ways=sorted(known.counts.addresses.items()),
        hours=[option.label for option in shown.marked] if shown else [],
        contact=known.counts,
        time_zone=request.time_zone,
    )


def read_code_word(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> str:
    """Return her code word, for whoever is about to call her; the reading is for the audit to record.

    Where nothing counts nobody calls, so there is none to read. Raises Missing, CannotDecrypt.
    """
    request = _load(session, actor, request_id, Action.READ_CODE_WORD)
    row = reading.find(session, request.user_id)
    if row is None or stands(row.valid_until, row.closed_at, now) is not Standing.OPEN:
        raise Missing
    word = Contact.from_document(row.said).code_word
    if not word:
        raise Missing
    return word


def record_reading_of_code_word(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Record that a coordinator read a code word."""
    request = _load(session, actor, request_id, Action.READ_CODE_WORD)
    row = reading.find(session, request.user_id)
    thing_id = row.id if row is not None else None
    audit.record_by_name(
        session, actor, Act.CODE_WORD_READ, SafeContact.__tablename__, at=now, thing_id=thing_id, about=request.user_id
    )  # fmt: skip


def _load(session: Session, actor: Actor, request_id: UUID, action: Action) -> Request:
    request = session.get(Request, request_id, options=[defer(Request.answers_sealed)])
    if request is None:
        raise Missing
    require_as_staff(session, actor, action, subject_of(request))
    if request.state in (State.DRAFT, State.WITHDRAWN):
        raise Missing
    return request
