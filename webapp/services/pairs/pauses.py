"""A pair takes a pause and goes on: without a reason, with a last day or without; whoever took it ends it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.lifecycles import WrongStep
from webapp.domain.notices import Notice
from webapp.models import Introduction
from webapp.services import audit, outbox
from webapp.services.acting import TooLate, load_locked, require
from webapp.services.introductions import subject_of
from webapp.services.pairs import calling_off
from webapp.services.pairs.shared_times import zone_of


class BadDay(Exception):
    """Raised for a last day of a pause that has passed, or lies too far ahead."""


def pause(session: Session, actor: Actor, introduction_id: UUID, *, until: date | None, now: datetime) -> None:
    """Let a pair rest; its clocks rest with it. Taken twice by the same hand, the later day counts.

    Their times to talk in it are called off. Raises BadDay; WrongStep where there is nothing to pause; TooLate where
    the other was quicker.
    """
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, Action.CHANGE_PAIR, subject_of(introduction))
    if introduction.covers_id is not None:
        raise WrongStep(introductions.State(introduction.state), introductions.Event.PAUSED)
    if until is not None and not 0 < (until - now.date()).days <= introductions.LONGEST_PAUSE.days:
        raise BadDay
    if introduction.state == introductions.State.PAUSED:
        if introduction.paused_by != actor.id:
            raise TooLate
    else:
        introduction.state = introductions.step(introductions.State(introduction.state), introductions.Event.PAUSED)
    introduction.paused_by, introduction.paused_until = actor.id, until
    about = introduction.request.user_id
    audit.record(session, actor, Act.INTRODUCTION_PAUSED, introduction, at=now, about=about)
    zone = zone_of(introduction, actor.id)
    calling_off.call_off_until(session, actor, [introduction.id], until, zone, now=now)


def resume(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Go on after a pause. Twice is once. Raises TooLate for a pause that the other took; WrongStep."""
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, Action.CHANGE_PAIR, subject_of(introduction))
    if introduction.state == introductions.State.IN_CONTACT:
        return
    if introduction.paused_by not in (actor.id, None):
        raise TooLate
    _go_on(session, actor, introduction, now=now)


def list_over(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pauses whose last day has passed."""
    over = (Introduction.state == introductions.State.PAUSED, Introduction.paused_until < now.date())
    return list(session.scalars(select(Introduction.id).where(*over).order_by(Introduction.id)))


def end_pause(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Let a pair go on whose pause has come to its last day."""
    introduction = load_locked(session, Introduction, introduction_id)
    until = introduction.paused_until
    if introduction.state == introductions.State.PAUSED and until is not None and until < now.date():
        _go_on(session, actor, introduction, now=now)


def _go_on(session: Session, actor: Actor, introduction: Introduction, *, now: datetime) -> None:
    introduction.state = introductions.step(introductions.State(introduction.state), introductions.Event.RESUMED)
    introduction.paused_by, introduction.paused_until, introduction.went_on_at = None, None, now
    about = introduction.request.user_id
    audit.record(session, actor, Act.INTRODUCTION_RESUMED, introduction, at=now, about=about)
    for person in subject_of(introduction).parties - {actor.id}:
        dedupe = f"{introduction.id}:{person}:{now.date()}"
        outbox.put(session, Notice.A_PAUSE_IS_OVER, dedupe=dedupe, due_at=now, to=person, pair=str(introduction.id))
