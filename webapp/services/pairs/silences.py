"""Silence between two: no first word in time, nothing for ten days, nothing for fourteen; each ends in somebody's act.

A message, a time to talk or "we talked" of either ends it; but a woman who writes on, or proposes times, and gets no
answer waits from her first word, and what she says by herself takes no silence off the desk. Once somebody has looked,
it counts anew from there. While contact is on hold or takes a pause, or the supporter a break, no silence is counted.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.domain.introductions import State
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Soon
from webapp.models import Introduction, Message, Supporter
from webapp.services import outbox, tasks
from webapp.services.acting import load_locked
from webapp.services.pairs import talks
from webapp.services.safety import holds

QUIET_FOR = timedelta(days=10)
SILENT_FOR = timedelta(days=14)
RESTS_FOR = timedelta(days=30)
"""So long a pause without a last day goes on unseen: whoever took it may never come back to end it."""


def _is_there() -> ColumnElement[bool]:
    """Ask for pairs whose supporter is on no break: of one who is, the woman and the desk have been told."""
    away = select(Supporter.id).where(Supporter.away_since.is_not(None))
    return Introduction.supporter_id.not_in(away)


def list_without_first_word(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose first word is late and who are not on the desk for it yet."""
    late = (Introduction.state == State.INTRODUCED, Introduction.first_contact_by < now, _is_there())
    found = {
        tasks.id_of(Kind.FIRST_WORD_LATE, one): one for one in session.scalars(select(Introduction.id).where(*late))
    }
    known = tasks.find_opened(session, found)
    return [one for task, one in found.items() if task not in known]


def lay_first_word_on_the_desk(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Lay a pair on the desk whose first word is late."""
    pair = load_locked(session, Introduction, introduction_id)
    if pair.state == State.INTRODUCED and pair.first_contact_by < now:
        _open(session, actor, Kind.FIRST_WORD_LATE, pair, 0, now)


def is_late_word_on_the_desk(session: Session, pair: Introduction, *, now: datetime) -> bool:
    """Say whether a person at the desk looks after a first word that is late."""
    is_late = pair.state == State.INTRODUCED and pair.first_contact_by < now
    return is_late and tasks.is_open(session, Kind.FIRST_WORD_LATE, pair.id)


def list_quiet(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs in contact of whose supporter nothing was read for ten days or longer."""
    of_pair = (Message.introduction_id == Introduction.id, Supporter.id == Introduction.supporter_id)
    said = select(Message.id).join(Supporter, Supporter.user_id == Message.sender_id)
    said = said.where(*of_pair, Message.sent_at > now - QUIET_FOR).correlate(Introduction)
    old = Introduction.introduced_at <= now - QUIET_FOR
    quiet = (Introduction.state == State.IN_CONTACT, old, ~said.exists(), _is_there())
    return list(session.scalars(select(Introduction.id).where(*quiet).order_by(Introduction.id)))


def break_silence(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Nudge the supporter after ten quiet days, and lay the pair on the desk after fourteen; once for each silence."""
    pair = load_locked(session, Introduction, introduction_id)
    if pair.state != State.IN_CONTACT:
        return
    looked = tasks.last_done_of_pair(session, pair.id, Kind.SILENCE)
    since = max(filter(None, (_since(session, pair), looked)))
    if now - since >= QUIET_FOR:
        dedupe = f"{pair.id}:{since.date()}"
        to = pair.supporter.user_id
        outbox.put(session, Notice.IT_HAS_BEEN_QUIET, dedupe=dedupe, due_at=now, to=to, pair=str(pair.id))
    if now - since >= SILENT_FOR:
        _open(session, actor, Kind.SILENCE, pair, since.date().toordinal(), now)


def list_resting(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose pause has no last day and of whom nothing was heard for a month."""
    said = select(Message.id).where(Message.introduction_id == Introduction.id, Message.sent_at > now - RESTS_FOR)
    no_day = (Introduction.state == State.PAUSED, Introduction.paused_until.is_(None))
    long = (Introduction.introduced_at <= now - RESTS_FOR, ~said.exists())
    return list(session.scalars(select(Introduction.id).where(*no_day, *long).order_by(Introduction.id)))


def look_after_rest(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Lay a pair on the desk whose pause has no last day, a month after the last sign, and each month again."""
    pair = load_locked(session, Introduction, introduction_id)
    if pair.state != State.PAUSED or pair.paused_until is not None:
        return
    signs = (talks.last_sign_of_life(session, pair), tasks.last_done_of_pair(session, pair.id, Kind.SILENCE))
    since = max(filter(None, (*signs, holds.last_lifted(session, pair.id))), default=pair.introduced_at)
    if now - since >= RESTS_FOR:
        _open(session, actor, Kind.SILENCE, pair, since.date().toordinal(), now)


def quiet_since(session: Session, pair: Introduction) -> datetime:
    """Return since when nothing was heard of either of the two; a hold, a pause and a break do not count."""
    return max(filter(None, (talks.last_sign_of_life(session, pair), *_anew(session, pair))))


def unanswered_since(session: Session, pair: Introduction) -> datetime | None:
    """Return when a woman wrote first what her supporter has not answered by any sign; None where nothing waits."""
    answered = max(filter(None, (talks.last_answer(session, pair), *_anew(session, pair))))
    return talks.first_word_of_hers(session, pair, after=answered)


def _anew(session: Session, pair: Introduction) -> tuple[datetime | None, ...]:
    """Return from when silence counts anew: they met, a hold or a pause was over, the supporter came back."""
    return pair.introduced_at, holds.last_lifted(session, pair.id), pair.went_on_at, pair.supporter.back_at


def _since(session: Session, pair: Introduction) -> datetime:
    """Return since when a silence counts: since her first words without an answer, however often she writes again."""
    return unanswered_since(session, pair) or quiet_since(session, pair)


def silent_since(session: Session, pair: Introduction, *, now: datetime) -> datetime | None:
    """Return since when two in contact are silent, where that is two weeks or longer."""
    since = _since(session, pair)
    return since if pair.state == State.IN_CONTACT and now - since >= SILENT_FOR else None


def _open(session: Session, actor: Actor, kind: Kind, pair: Introduction, count: int, now: datetime) -> None:
    about = pair.request.user_id
    tasks.open_task(
        session, actor, kind, about=about, thing=pair.id, soon=Soon.TODAY, introduction_id=pair.id, count=count, now=now
    )
