"""What the staff and one person say to each other. Her words open a task; whoever answers closes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, literal, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.crypto import keyring
from webapp.crypto.fields import Unreadable
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Outcome, Soon
from webapp.models import Task, Thread, ThreadWord
from webapp.services import audit, names, outbox, tasks
from webapp.services.acting import Missing, TooLate, load_locked, require
from webapp.services.locking import lock_rows
from webapp.services.safety.closed_files import require_as_staff
from webapp.services.tasks.order import place_of
from webapp.services.threads.people import Helped, find_helped

LONGEST = 4_000
AT_ONCE = 40
"""How many are shown on a page; the earlier ones are one link away."""
HER_KINDS = (Kind.WORDS_UNANSWERED, Kind.CONTACT_SOON)


class BadWords(Exception):
    """Raised for words that are none, or too many."""


class How(StrEnum):
    """By which way somebody asks to be contacted."""

    HERE = "here"
    SAFE_WAYS = "safe ways"


@dataclass(frozen=True)
class ShownWord:
    """What one of them said, as its reader sees it. `author` is a sign-in name, and only told to the staff."""

    id: UUID
    body: str
    sent_at: datetime
    is_mine: bool
    is_hers: bool
    author: str
    how: How | None
    is_new: bool


@dataclass(frozen=True)
class Wait:
    """She waits for somebody: since when, by when somebody writes, and whether she asked for it soon."""

    since: datetime
    until: datetime
    is_soon: bool


@dataclass(frozen=True)
class Talk:
    """Some words of a thread, oldest first; `earlier` is where those before them end, `hers` her latest word here."""

    words: list[ShownWord]
    earlier: UUID | None
    is_latest: bool
    hers: UUID | None
    wait: Wait | None


# Reading


def read_own(session: Session, actor: Actor, *, before: UUID | None = None) -> Talk:
    """Return one's own thread; she is not told which coordinator wrote. Raises Missing for a place that is not hers."""
    require(actor, Action.SEE_THREAD, Subject(owner=actor.id))
    assert actor.id is not None
    return _read(session, actor, actor.id, before)


def read_of(session: Session, actor: Actor, user_id: UUID, *, before: UUID | None = None) -> tuple[Helped, Talk]:
    """Return somebody's thread for the staff; the reading is for the audit to record. Raises Missing."""
    helped = find_helped(session, actor, user_id, Action.READ_THREAD)
    return helped, _read(session, actor, user_id, before)


def record_reading(session: Session, actor: Actor, helped: Helped, *, now: datetime) -> None:
    """Record that one of the staff opened a thread that she was just given to read."""
    require_as_staff(session, actor, Action.READ_THREAD, Subject(helped.id))
    thing = Thread.__tablename__
    audit.record_by_name(session, actor, Act.THREAD_READ, thing, at=now, thing_id=helped.id, about=helped.id)


def has_news() -> ColumnElement[bool]:
    """Ask whether the staff wrote since she looked last."""
    return Thread.answered_at.is_not(None) & or_(Thread.seen_at.is_(None), Thread.seen_at < Thread.answered_at)


def note_seen(session: Session, actor: Actor, talk: Talk) -> None:
    """Note that she has seen what the staff wrote so far; what comes after this page was read stays new."""
    require(actor, Action.SEE_THREAD, Subject(owner=actor.id))
    shown = [one.sent_at for one in talk.words if one.is_new]
    if shown and talk.is_latest and (thread := session.get(Thread, actor.id)) is not None:
        thread.seen_at = max(*shown, thread.seen_at or shown[0])


def _read(session: Session, actor: Actor, user_id: UUID, before: UUID | None) -> Talk:
    both = select(Thread, Task).outerjoin(Task, Task.id == Thread.task_id).where(Thread.id == user_id)
    thread, task = session.execute(both).one_or_none() or (None, None)
    found = _read_words(session, user_id, before)
    shown = found[:AT_ONCE][::-1]
    staff = {one.sender_id for one in shown} - {user_id} if user_id != actor.id else set()
    called = names.of_staff(session, staff) if staff else {}
    seen_at = thread.seen_at if thread is not None and actor.id == user_id else None
    words = [_shown(one, actor, user_id, called, seen_at) for one in shown]
    hers = next((one.id for one in reversed(words) if one.is_hers), None)
    earlier = words[0].id if len(found) > AT_ONCE else None
    return Talk(words, earlier, before is None, hers, _say_wait(task))


def _read_words(session: Session, user_id: UUID, before: UUID | None) -> list[ThreadWord]:
    query = select(ThreadWord).where(ThreadWord.thread_id == user_id)
    if before is not None:
        last = session.get(ThreadWord, before)
        if last is None or last.thread_id != user_id:
            raise Missing
        place = literal(last.sent_at, ThreadWord.sent_at.type), literal(last.id, ThreadWord.id.type)
        query = query.where(tuple_(ThreadWord.sent_at, ThreadWord.id) < tuple_(*place))
    ordered = query.order_by(ThreadWord.sent_at.desc(), ThreadWord.id.desc()).limit(AT_ONCE + 1)
    return list(session.scalars(ordered))


def _shown(
    word: ThreadWord, actor: Actor, user_id: UUID, called: dict[UUID, str], seen_at: datetime | None
) -> ShownWord:
    said = ThreadWord.said.shown(word)
    body, how = (said, "") if isinstance(said, Unreadable) else (said["body"], said["how"])
    is_hers, is_mine = word.sender_id == user_id, word.sender_id == actor.id
    is_new = actor.id == user_id and not is_hers and (seen_at is None or word.sent_at > seen_at)
    author = called.get(word.sender_id, "")
    return ShownWord(word.id, body, word.sent_at, is_mine, is_hers, author, How(how) if how else None, is_new)


def _wait_of(session: Session, thread: Thread) -> Wait | None:
    return _say_wait(session.get(Task, thread.task_id) if thread.task_id is not None else None)


def _say_wait(task: Task | None) -> Wait | None:
    if task is None or task.done_at is not None:
        return None
    place = place_of(task)
    return Wait(place.opened_at, place.due_at, place.kind == Kind.CONTACT_SOON)


# Writing


def write(session: Session, actor: Actor, body: str, once: str, *, now: datetime) -> None:
    """Write to the coordinators; the same form twice is one word. Raises BadWords."""
    require(actor, Action.WRITE_TO_STAFF, Subject(owner=actor.id))
    thread = _hold(session, actor.id, now)
    word = _say(session, actor, thread, _neat(body), once, "", now)
    if word is not None:
        _let_wait(session, actor, thread, word, Kind.WORDS_UNANSWERED, now)


def ask_for_contact(session: Session, actor: Actor, how: How, body: str, once: str, *, now: datetime) -> None:
    """Ask to be contacted soon, with words or without; asked again while it is open, only the words are added.

    Raises BadWords for too many.
    """
    require(actor, Action.ASK_FOR_CONTACT, Subject(owner=actor.id))
    text = _neat(body) if body.strip() else ""
    thread = _hold(session, actor.id, now)
    wait = _wait_of(session, thread)
    if wait is not None and wait.is_soon and not text:
        return
    word = _say(session, actor, thread, text, once, how, now)
    if word is not None:
        audit.record(session, actor, Act.CONTACT_ASKED_FOR, word, at=now, about=actor.id)
        _let_wait(session, actor, thread, word, Kind.CONTACT_SOON, now)


def answer(
    session: Session, actor: Actor, user_id: UUID, body: str, once: str, *, seen: UUID | None, now: datetime
) -> bool:
    """Write to somebody, for the coordinators; whoever answers first closes the task.

    `seen` is the last word of hers that stood on the page. Returns False where she wrote another one since: then the
    task stays open, because nobody has read that. Raises BadWords; TooLate where her account is closed.
    """
    helped = find_helped(session, actor, user_id, Action.ANSWER_THREAD)
    if not helped.is_here:
        raise TooLate
    thread = _hold(session, user_id, now)
    has_read_all = seen == _her_latest(session, user_id)
    word = _say(session, actor, thread, _neat(body), once, "", now)
    if word is None:
        return True
    thread.answered_at = now
    outbox.put(session, Notice.YOU_HAVE_A_MESSAGE, dedupe=str(word.id), due_at=now, to=user_id)
    if has_read_all:
        tasks.close_kinds(session, actor, user_id, HER_KINDS, act=Outcome.WROTE, now=now)
    return has_read_all


def end(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let nobody wait for an answer to somebody whose account closes."""
    if actor.id is not None:
        tasks.close_kinds(session, actor, actor.id, HER_KINDS, act=Outcome.HAPPENED, now=now)


def _hold(session: Session, user_id: UUID | None, now: datetime) -> Thread:
    """Lock somebody's thread, made where it is not there yet: whoever writes in it is alone with it."""
    assert user_id is not None
    if found := lock_rows(session, Thread, Thread.id == user_id):
        return found[0]
    try:
        with session.begin_nested():
            session.add(Thread(id=user_id, opened_at=now))
    except IntegrityError:  # somebody was quicker
        pass
    return load_locked(session, Thread, user_id)


def _say(
    session: Session, actor: Actor, thread: Thread, body: str, once: str, how: str, now: datetime
) -> ThreadWord | None:
    """Keep a word; None where this very form was sent before. Its id tells: of whom, to whom, which form, what."""
    word_id = keyring.ring().name("thread words", f"{thread.id}|{actor.id}|{once}|{how}|{body}")
    word = ThreadWord(id=word_id, thread_id=thread.id, sender_id=actor.id, sent_at=now)
    if session.get(ThreadWord, word.id) is not None:
        return None
    word.said = {"body": body, "how": how}
    session.add(word)
    audit.record(session, actor, Act.WORDS_WRITTEN, word, at=now, about=thread.id)
    return word


def _let_wait(session: Session, actor: Actor, thread: Thread, word: ThreadWord, kind: Kind, now: datetime) -> None:
    """Open the task of her words; where one is open already, it stays, unless she asks for an answer sooner."""
    wait = _wait_of(session, thread)
    if wait is not None and (wait.is_soon or kind is Kind.WORDS_UNANSWERED):
        return
    tasks.close_kinds(session, actor, thread.id, HER_KINDS, now=now)
    soon = Soon.TODAY if kind is Kind.CONTACT_SOON else Soon.NEXT_DAY
    thread.task_id = tasks.open_task(session, actor, kind, about=thread.id, thing=word.id, soon=soon, now=now).id


def _her_latest(session: Session, user_id: UUID) -> UUID | None:
    hers = select(ThreadWord.id).where(ThreadWord.thread_id == user_id, ThreadWord.sender_id == user_id)
    return session.scalar(hers.order_by(ThreadWord.sent_at.desc(), ThreadWord.id.desc()).limit(1))


def _neat(body: str) -> str:
    text = body.strip()
    if not text or len(text) > LONGEST:
        raise BadWords
    return text
