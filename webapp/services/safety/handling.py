"""What the desk does about a concern. Nobody ends one alone: one proposes what came of it, another confirms."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.concerns import LONGEST, Did, Event, State, What, step
from webapp.domain.lifecycles import WrongStep
from webapp.domain.notices import Notice
from webapp.domain.tasks import Desk, Outcome, Soon
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Concern, ConcernEntry
from webapp.services import audit, outbox, tasks
from webapp.services.acting import Missing, Refused, load, load_locked
from webapp.services.safety import closed_files
from webapp.services.safety.concern_entries import Entry, add_entry, added_since_proposed, entries_of, id_of_form
from webapp.services.safety.concerns import NoWords, Told, TooLong, bring_to_desk, list_staff
from webapp.services.safety.concerns_at_the_desk import proposer_of, require_at_the_desk
from webapp.services.tasks import passing, turns


class NotSaid(Exception):
    """Raised where what was done is not said by a code."""


class MoreSaid(Exception):
    """Raised where she wrote again before a second person ended it; nobody at the desk of that one has it now."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.words = words


# What is done; the same form twice is done once


def look_after(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Note that somebody looks at it now: she who raised it reads so. Twice is once.

    Raises WrongStep where somebody else has begun, or it is being closed.
    """
    concern = _hold(session, actor, concern_id, Action.HANDLE_CONCERN)
    if concern.state == State.LOOKED_AT:
        if not any(one.what is What.LOOKED and one.by_id == actor.id for one in entries_of(session, concern)):
            raise WrongStep(State.LOOKED_AT, Event.LOOKED)
        return
    _enter(session, actor, concern, What.LOOKED, now=now)


def add_note(session: Session, actor: Actor, concern_id: UUID, words: str, *, once: str = "", now: datetime) -> None:
    """Keep a note for those who look after it. Raises NoWords, TooLong, WrongStep."""
    _add(session, actor, concern_id, What.NOTE, words=_needed(words), once=once, now=now)


def write_to_her(
    session: Session, actor: Actor, concern_id: UUID, words: str, *, once: str = "", now: datetime
) -> None:
    """Write to whoever raised it; a notice tells her that something is there. Raises NoWords, TooLong, WrongStep."""
    concern = _add(session, actor, concern_id, What.TO_HER, words=_needed(words), once=once, now=now)
    if concern is not None:
        _tell_her(session, concern, now=now)


def note_done(
    session: Session, actor: Actor, concern_id: UUID, did: str, words: str = "", *, once: str = "", now: datetime
) -> None:
    """Keep what was done, by its code. Raises NotSaid, TooLong, WrongStep."""
    if did not in set(Did):
        raise NotSaid
    _add(session, actor, concern_id, What.DID, code=did, words=_checked(words), once=once, now=now)


def close_file(session: Session, actor: Actor, concern_id: UUID, staff_id: UUID, *, now: datetime) -> None:
    """Close her file to a coordinator, once it is known whom she means. Raises Missing, WrongStep."""
    if staff_id not in list_staff(session):
        raise Missing
    concern = _hold(session, actor, concern_id, Action.HANDLE_CONCERN)
    _enter(session, actor, concern, What.FILE_CLOSED, code=str(staff_id), now=now)
    closed_files.close(session, concern.by_id, [staff_id], now=now)
    passing.pass_over(session, concern.by_id, [staff_id], now=now)


def _add(
    session: Session,
    actor: Actor,
    concern_id: UUID,
    what: What,
    *,
    code: str = "",
    words: str,
    once: str,
    now: datetime,
) -> Concern | None:
    """Enter what one form says; None where this very form was sent before."""
    concern = _hold(session, actor, concern_id, Action.HANDLE_CONCERN)
    entry_id = _id_of(actor, concern_id, what, once, code, words)
    if _is_entered(session, entry_id):
        return None
    _enter(session, actor, concern, what, code=code, words=words, entry_id=entry_id, now=now)
    return concern


def _enter(
    session: Session, actor: Actor, concern: Concern, what: What, *, code: str = "", words: str = "",
    entry_id: UUID | None = None, now: datetime,
) -> None:  # fmt: skip
    concern.state = step(State(concern.state), Event.LOOKED)
    add_entry(session, concern, actor, what, code=code, words=words, entry_id=entry_id, now=now)
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=concern.by_id)


def _id_of(actor: Actor, concern_id: UUID, what: What, once: str, *said: str) -> UUID | None:
    return id_of_form(concern_id, actor, once, what, *said) if once else None


def _is_entered(session: Session, entry_id: UUID | None) -> bool:
    """Say whether this very form was sent before."""
    return entry_id is not None and session.get(ConcernEntry, entry_id) is not None


def _checked(words: str) -> str:
    if len(words) > LONGEST:
        raise TooLong
    return words.strip()


def _needed(words: str) -> str:
    if not words.strip():
        raise NoWords
    return _checked(words)


# How it ends


def propose(
    session: Session, actor: Actor, concern_id: UUID, came_of_it: str, *, once: str = "", now: datetime
) -> bool:
    """Propose to close it, with what she will read of it; somebody else is asked to confirm.

    Returns whether there is somebody who may: where nobody is, it stays open. Raises NoWords, TooLong, WrongStep.
    """
    words = _needed(came_of_it)
    entry_id = _id_of(actor, concern_id, What.PROPOSED, once, words)
    concern = _hold(session, actor, concern_id, Action.HANDLE_CONCERN)
    if not _is_entered(session, entry_id):
        _propose(session, actor, concern, words, entry_id, now=now)
    closing = turns.desks_of_concern(session, concern.id, concern.turn).get(TaskKind.CONCERN_TO_CLOSE, set())
    return turns.has_somebody(session, concern.by_id, closing, but=actor.id)


def _propose(
    session: Session, actor: Actor, concern: Concern, words: str, entry_id: UUID | None, *, now: datetime
) -> None:
    concern.state = step(State(concern.state), Event.PROPOSED)
    add_entry(session, concern, actor, What.PROPOSED, words=words, entry_id=entry_id, now=now)
    things = [(TaskKind.CONCERN, concern.id)]
    tasks.close_things(session, actor, things, count=concern.turn, act=Outcome.CHANGED, now=now)
    before = turns.find(session, TaskKind.CONCERN, concern.id, concern.turn)
    assert before is not None  # it came to the desk by this task
    tasks.open_task(
        session, actor, TaskKind.CONCERN_TO_CLOSE, about=concern.by_id, thing=concern.id, soon=Soon.NEXT_DAY,
        introduction_id=before.introduction_id, desk=Desk(before.desk), count=concern.turn, but=actor.id, now=now,
    )  # fmt: skip
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=concern.by_id)


def confirm(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Close it as another has proposed; she who raised it reads what came of it.

    Raises Missing, MoreSaid, WrongStep.
    """
    concern = _hold_to_close(session, actor, concern_id)
    concern.state = step(State(concern.state), Event.CONFIRMED)
    add_entry(session, concern, actor, What.CONFIRMED, now=now)
    _end_task(session, actor, concern, now=now)
    _tell_her(session, concern, now=now)
    audit.record(session, actor, Act.CONCERN_CLOSED, concern, at=now, about=concern.by_id)


def send_back(session: Session, actor: Actor, concern_id: UUID, words: str, *, once: str = "", now: datetime) -> None:
    """Say why it cannot be closed yet: it is looked after again.

    Raises Missing, MoreSaid, NoWords, TooLong, WrongStep.
    """
    why = _needed(words)
    entry_id = _id_of(actor, concern_id, What.SENT_BACK, once, why)
    if _is_entered(session, entry_id):
        return
    concern = _hold_to_close(session, actor, concern_id)
    concern.state = step(State(concern.state), Event.SENT_BACK)
    add_entry(session, concern, actor, What.SENT_BACK, words=why, entry_id=entry_id, now=now)
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
    """Lock a concern for somebody who did not propose its end herself. Raises Missing; MoreSaid."""
    concern = load_locked(session, Concern, concern_id)
    entries = entries_of(session, concern)
    try:
        require_at_the_desk(session, actor, concern, Action.CLOSE_CONCERN, but=proposer_of(entries))
    except Refused:
        _check_who_was_asked(session, actor, concern, entries)
        raise MoreSaid(added_since_proposed(entries)) from None
    return concern


def _check_who_was_asked(session: Session, actor: Actor, concern: Concern, entries: Sequence[Entry]) -> None:
    """Let on whoever was asked to end it, until she who raised it wrote again. Raises Refused."""
    if not added_since_proposed(entries):
        raise Refused(concern.by_id)
    kind, before = TaskKind.CONCERN_TO_CLOSE, concern.turn - 1
    require_at_the_desk(session, actor, concern, Action.CLOSE_CONCERN, kind=kind, but=proposer_of(entries), turn=before)


def record_reading_of_more(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Record that whoever was asked to end a concern was shown what was added to it. Raises Missing."""
    concern = load(session, Concern, concern_id)
    _check_who_was_asked(session, actor, concern, entries_of(session, concern))
    audit.record(session, actor, Act.CONCERN_READ, concern, at=now, about=concern.by_id)
