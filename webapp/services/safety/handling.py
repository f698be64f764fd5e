"""What the desk does about a concern. Nobody ends one alone: one proposes what came of it, another confirms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.concerns import LONGEST, Did, Event, State, What, step
from webapp.domain.notices import Notice
from webapp.domain.tasks import Desk, Outcome, Soon
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Concern
from webapp.services import audit, outbox, tasks
from webapp.services.acting import Missing, load_locked
from webapp.services.safety import closed_files
from webapp.services.safety.concern_entries import add_entry, entries_of
from webapp.services.safety.concerns import NoWords, Told, TooLong, bring_to_desk, list_staff
from webapp.services.safety.concerns_at_the_desk import proposer_of, require_at_the_desk
from webapp.services.tasks import passing, turns


class NotSaid(Exception):
    """Raised where what was done is not said by a code."""


# What is done


def look_after(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Note that somebody looks at it now: she who raised it reads so. Raises WrongStep where it is being closed."""
    _add(session, actor, concern_id, What.LOOKED, now=now)


def add_note(session: Session, actor: Actor, concern_id: UUID, words: str, *, now: datetime) -> None:
    """Keep a note for those who look after it. Raises NoWords, TooLong, WrongStep."""
    _add(session, actor, concern_id, What.NOTE, words=_needed(words), now=now)


def write_to_her(session: Session, actor: Actor, concern_id: UUID, words: str, *, now: datetime) -> None:
    """Write to whoever raised it; a notice tells her that something is there. Raises NoWords, TooLong, WrongStep."""
    concern = _add(session, actor, concern_id, What.TO_HER, words=_needed(words), now=now)
    _tell_her(session, concern, now=now)


def note_done(session: Session, actor: Actor, concern_id: UUID, did: str, words: str = "", *, now: datetime) -> None:
    """Keep what was done, by its code. Raises NotSaid, TooLong, WrongStep."""
    if did not in set(Did):
        raise NotSaid
    _add(session, actor, concern_id, What.DID, code=did, words=_checked(words), now=now)


def close_file(session: Session, actor: Actor, concern_id: UUID, staff_id: UUID, *, now: datetime) -> None:
    """Close her file to a coordinator, once it is known whom she means. Raises Missing, WrongStep."""
    if staff_id not in list_staff(session):
        raise Missing
    concern = _add(session, actor, concern_id, What.FILE_CLOSED, code=str(staff_id), now=now)
    closed_files.close(session, concern.by_id, [staff_id], now=now)
    passing.pass_over(session, concern.by_id, [staff_id], now=now)


def _add(
    session: Session, actor: Actor, concern_id: UUID, what: What, *, code: str = "", words: str = "", now: datetime
) -> Concern:
    concern = _hold(session, actor, concern_id, Action.HANDLE_CONCERN)
    concern.state = step(State(concern.state), Event.LOOKED)
    add_entry(session, concern, actor, what, code=code, words=words, now=now)
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=concern.by_id)
    return concern


def _checked(words: str) -> str:
    if len(words) > LONGEST:
        raise TooLong
    return words.strip()


def _needed(words: str) -> str:
    if not words.strip():
        raise NoWords
    return _checked(words)


# How it ends


def propose(session: Session, actor: Actor, concern_id: UUID, came_of_it: str, *, now: datetime) -> bool:
    """Propose to close it, with what she will read of it; somebody else is asked to confirm.

    Returns whether there is somebody who may: where nobody is, it stays open. Raises NoWords, TooLong, WrongStep.
    """
    words = _needed(came_of_it)
    concern = _hold(session, actor, concern_id, Action.HANDLE_CONCERN)
    concern.state = step(State(concern.state), Event.PROPOSED)
    add_entry(session, concern, actor, What.PROPOSED, words=words, now=now)
    things = [(TaskKind.CONCERN, concern.id)]
    tasks.close_things(session, actor, things, count=concern.turn, act=Outcome.CHANGED, now=now)
    before = turns.find(session, TaskKind.CONCERN, concern.id, concern.turn)
    assert before is not None  # it came to the desk by this task
    task = tasks.open_task(
        session, actor, TaskKind.CONCERN_TO_CLOSE, about=concern.by_id, thing=concern.id, soon=Soon.NEXT_DAY,
        introduction_id=before.introduction_id, desk=Desk(before.desk), count=concern.turn, but=actor.id, now=now,
    )  # fmt: skip
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=concern.by_id)
    return turns.has_somebody(session, concern.by_id, {Desk(task.desk)}, but=actor.id)


def confirm(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Close it as another has proposed; she who raised it reads what came of it. Raises Missing, WrongStep."""
    concern = _hold_to_close(session, actor, concern_id)
    concern.state = step(State(concern.state), Event.CONFIRMED)
    add_entry(session, concern, actor, What.CONFIRMED, now=now)
    _end_task(session, actor, concern, now=now)
    _tell_her(session, concern, now=now)
    audit.record(session, actor, Act.CONCERN_CLOSED, concern, at=now, about=concern.by_id)


def send_back(session: Session, actor: Actor, concern_id: UUID, words: str, *, now: datetime) -> None:
    """Say why it cannot be closed yet: it is looked after again. Raises Missing, NoWords, TooLong, WrongStep."""
    why = _needed(words)
    concern = _hold_to_close(session, actor, concern_id)
    concern.state = step(State(concern.state), Event.SENT_BACK)
    add_entry(session, concern, actor, What.SENT_BACK, words=why, now=now)
    _end_task(session, actor, concern, now=now)
    concern.turn += 1
    bring_to_desk(session, concern, Told.read(concern.said), now=now)
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=concern.by_id)


def _end_task(session: Session, actor: Actor, concern: Concern, *, now: datetime) -> None:
    things = [(TaskKind.CONCERN_TO_CLOSE, concern.id)]
    tasks.close_things(session, actor, things, count=concern.turn, act=Outcome.CHANGED, now=now)


def _tell_her(session: Session, concern: Concern, *, now: datetime) -> None:
    """Tell her that something is there to read. The notice says nothing else."""
    dedupe = f"{concern.id}:{concern.entries}"
    outbox.put(session, Notice.SOMETHING_FOR_YOU, dedupe=dedupe, due_at=now, to=concern.by_id)


# Who may


def _hold(session: Session, actor: Actor, concern_id: UUID, action: Action) -> Concern:
    """Lock a concern for an act of whoever looks after it. Raises Missing."""
    concern = load_locked(session, Concern, concern_id)
    require_at_the_desk(session, actor, concern, action, kind=TaskKind.CONCERN)
    return concern


def _hold_to_close(session: Session, actor: Actor, concern_id: UUID) -> Concern:
    """Lock a concern for somebody who did not propose its end herself. Raises Missing."""
    concern = load_locked(session, Concern, concern_id)
    proposer = proposer_of(entries_of(session, concern))
    require_at_the_desk(session, actor, concern, Action.CLOSE_CONCERN, but=proposer)
    return concern
