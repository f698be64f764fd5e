"""The first lines of every act of a pair: its row locked, the question who may, and whether the two may talk at all.

Every such act meets at the row of the introduction, so that of two that cross one comes second and finds what is so.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.access import Action, Actor
from webapp.domain.notices import Notice
from webapp.models import Introduction
from webapp.services import outbox
from webapp.services.acting import load_locked, require
from webapp.services.introductions import subject_of


def lock_pair(session: Session, actor: Actor, introduction_id: UUID, action: Action) -> Introduction:
    """Lock the row of a pair for an act of one of the two. Raises Missing."""
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, action, subject_of(introduction))
    return introduction


def lock_open(session: Session, actor: Actor, introduction_id: UUID, action: Action) -> Introduction:
    """Lock it for an act of two who may be in contact now. Raises Missing; WrongStep where they may not."""
    introduction = lock_pair(session, actor, introduction_id, action)
    check_open(introduction)
    return introduction


def check_open(introduction: Introduction) -> None:
    """Let on only two who may be in contact now. Raises WrongStep."""
    introductions.step(introductions.State(introduction.state), introductions.Event.WROTE)


def note_contact(introduction: Introduction) -> None:
    """Let the first sign of contact, whatever it was, be one: it need not be a message. Raises WrongStep."""
    state = introductions.State(introduction.state)
    introduction.state = introductions.step(state, introductions.Event.WROTE)


def is_open(introduction: Introduction) -> bool:
    """Say whether the two may be in contact now."""
    return introduction.state in introductions.OPEN_FOR_WRITING


def other_of(introduction: Introduction, actor: Actor) -> UUID:
    """Return who the other of the two is."""
    (other,) = subject_of(introduction).parties - {actor.id}
    return other


def tell_other(session: Session, introduction: Introduction, actor: Actor, *, about: str, now: datetime) -> None:
    """Leave a notice for the other that something waits on the page of the pair; it does not say what."""
    to = other_of(introduction, actor)
    pair = str(introduction.id)
    outbox.put(session, Notice.A_TIME_TO_TALK, dedupe=f"{about}:{to}", due_at=now, to=to, pair=pair)
