"""Holds: contact of a pair rests at once, until a person at the desk lifts it. Neither of the two learns who asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.content import programme
from webapp.domain import concerns
from webapp.domain import introductions as rules
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.holds import TOLD_FOR, HeldFor, LiftedFor, ask_again_at
from webapp.domain.tasks import Kind, Outcome, Soon
from webapp.models import Concern, Hold, Introduction, Supporter, Task
from webapp.services import audit, introductions, names, tasks
from webapp.services.acting import Missing, TooLate, load_locked
from webapp.services.locking import lock_rows
from webapp.services.safety import elsewhere
from webapp.services.safety.closed_files import require_as_staff
from webapp.services.tasks.order import place_of

SYSTEM = Actor(None)


class NotLookedAt(Exception):
    """Raised where a hold cannot be lifted yet: nobody has looked at what one of the two told."""


LONGEST_NOTE = 2_000
Sealed = dict[str, str] | str | None
"""What a sealed field holds: a mark where it cannot be read."""


@dataclass(frozen=True)
class ShownHold:
    """One hold as the desk reads it; `by` is who of the staff asked for it, empty where a concern or a check-in did."""

    held_at: datetime
    held_for: str
    by: str
    note: str
    lifted_at: datetime | None
    lifted_for: str
    lifted_by: str
    lifted_note: str


@dataclass(frozen=True)
class ShownPair:
    """A pair as the desk sees it: who the two are, where they stand, and every hold, the latest first."""

    id: UUID
    request_id: UUID
    woman: str
    supporter: str
    state: str
    holds: list[ShownHold]
    is_asked_again: bool

    @property
    def is_held(self) -> bool:
        """Say whether the two rest."""
        return self.state == rules.State.ON_HOLD

    @property
    def has_ended(self) -> bool:
        """Say whether their time together is over."""
        return self.state == rules.State.ENDED


def hold_at_once(session: Session, introduction_id: UUID, held_for: HeldFor, *, now: datetime) -> bool:
    """Let a pair rest because one of the two said so; False where it is over. Who it was stands nowhere beside it."""
    _lock_supporter(session, introduction_id)
    introduction = load_locked(session, Introduction, introduction_id)
    if introduction.state == rules.State.ENDED:
        return False
    _hold(session, SYSTEM, introduction, {"reason": held_for.value, "by": "", "note": ""}, now=now)
    return True


def hold_pair(
    session: Session, actor: Actor, introduction_id: UUID, held_for: HeldFor, *, note: str = "", now: datetime
) -> None:
    """Let a pair rest because the desk says so. Raises TooLate where it rests already, WrongStep where it is over."""
    introduction = _load(session, actor, introduction_id, Action.HOLD_PAIR)
    if introduction.state == rules.State.ON_HOLD:
        raise TooLate
    said = {"reason": held_for.value, "by": str(actor.id), "note": note.strip()[:LONGEST_NOTE]}
    _hold(session, actor, introduction, said, now=now)


def _hold(session: Session, actor: Actor, introduction: Introduction, said: dict[str, str], *, now: datetime) -> None:
    introduction.state = rules.step(rules.State(introduction.state), rules.Event.HELD)
    if _open_one(session, introduction.id) is not None:
        return
    hold = Hold(introduction_id=introduction.id, held_at=now, asked=0)
    hold.said = said
    session.add(hold)
    introduction.supporter.held += 1
    session.flush()
    elsewhere.withdraw_details(session, introduction.id, now=now)
    audit.record(session, actor, Act.PAIR_HELD, hold, at=now, about=introduction.request.user_id)
    _ask(session, hold, introduction, now=now)


def _ask(session: Session, hold: Hold, introduction: Introduction, *, now: datetime) -> None:
    """Lay the hold on the desk, as a task about the woman whoever asked for it."""
    tasks.open_task(
        session, SYSTEM, Kind.ON_HOLD, about=introduction.request.user_id, thing=hold.id, soon=Soon.NEXT_DAY,
        introduction_id=introduction.id, count=hold.asked, now=now,
    )  # fmt: skip


def lift(
    session: Session, actor: Actor, introduction_id: UUID, lifted_for: LiftedFor, *, note: str = "", now: datetime
) -> None:
    """Let a pair go on, or take the pause again that one of the two had taken.

    Raises TooLate where another has lifted it, or the pair is over; NotLookedAt where a concern about it waits.
    """
    introduction = _load(session, actor, introduction_id, Action.HOLD_PAIR)
    if introduction.state != rules.State.ON_HOLD:
        raise TooLate
    if _has_unread_concern(session, introduction_id):
        raise NotLookedAt
    introduction.state = rules.step(rules.State.ON_HOLD, rules.Event.LIFTED)
    _pause_again(introduction, now)
    _end(session, actor, introduction, lifted_for, note, now=now)


def _has_unread_concern(session: Session, introduction_id: UUID) -> bool:
    """Say whether somebody told something about a pair at which nobody has looked yet."""
    open_ = select(Task).where(Task.introduction_id == introduction_id, Task.done_at.is_(None))
    told = [place.thing for place in map(place_of, session.scalars(open_)) if place.kind == Kind.CONCERN]
    unread = select(Concern.id).where(Concern.id.in_(told), Concern.state == concerns.State.RECEIVED)
    return bool(told) and session.scalars(unread).first() is not None


def _pause_again(introduction: Introduction, now: datetime) -> None:
    """Let a pause that one of the two had taken go on, where its last day has not passed meanwhile."""
    until = introduction.paused_until
    if introduction.paused_by is not None and (until is None or until >= now.date()):
        introduction.state = rules.step(rules.State(introduction.state), rules.Event.PAUSED)
    else:
        introduction.paused_by = introduction.paused_until = None


def is_held(session: Session, introduction_id: UUID | None) -> bool:
    """Say whether a pair rests now. Whoever asks has asked already whether she may know."""
    state = select(Introduction.state).where(Introduction.id == introduction_id)
    return session.scalar(state) == rules.State.ON_HOLD


def end_with_pairs(session: Session, actor: Actor, ended: Iterable[Introduction], *, now: datetime) -> None:
    """End the holds of pairs that are over: nothing is left to lift."""
    for introduction in ended:
        _end(session, actor, introduction, LiftedFor.ENDED, "", now=now)


def _end(
    session: Session, actor: Actor, introduction: Introduction, lifted_for: LiftedFor, note: str, *, now: datetime
) -> None:
    for hold in lock_rows(session, Hold, Hold.introduction_id == introduction.id, Hold.lifted_at.is_(None)):
        hold.lifted_at, hold.again_at = now, None
        introduction.supporter.held -= 1
        hold.lifted = {"reason": lifted_for.value, "by": str(actor.id or ""), "note": note.strip()[:LONGEST_NOTE]}
        audit.record(session, actor, Act.PAIR_LIFTED, hold, at=now, about=introduction.request.user_id)
        things, done = [(Kind.ON_HOLD, hold.id)], Outcome.CHANGED
        tasks.close_things(session, actor, things, count=hold.asked, act=done, now=now)


# Never forgotten


def let_stand(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> datetime:
    """Leave a hold as it is, after a look; return when the desk is asked about it again. Raises TooLate."""
    introduction = _load(session, actor, introduction_id, Action.HOLD_PAIR)
    held = lock_rows(session, Hold, Hold.introduction_id == introduction.id, Hold.lifted_at.is_(None))
    if not held or held[0].again_at is not None:
        raise TooLate
    (hold,) = held
    again_at = hold.again_at = ask_again_at(programme.load().staffed, now=now)
    audit.record(session, actor, Act.PAIR_HELD, hold, at=now, about=introduction.request.user_id)
    tasks.close_things(
        session, actor, [(Kind.ON_HOLD, hold.id)], count=hold.asked, act=Outcome.NOT_NEEDED, now=now
    )  # fmt: skip
    return again_at


def list_to_ask_about(session: Session, *, now: datetime) -> list[UUID]:
    """Return the holds about which the desk is asked again by now, the longest over first."""
    due = select(Hold.id).where(Hold.again_at <= now, Hold.lifted_at.is_(None))
    return list(session.scalars(due.order_by(Hold.again_at, Hold.id)))


def ask_again(session: Session, hold_id: UUID, *, now: datetime) -> bool:
    """Ask the desk about a hold once more; False where it was lifted or asked about meanwhile."""
    hold = load_locked(session, Hold, hold_id)
    if hold.lifted_at is not None or hold.again_at is None or hold.again_at > now:
        return False
    hold.again_at, hold.asked = None, hold.asked + 1
    _ask(session, hold, session.get_one(Introduction, hold.introduction_id), now=now)
    return True


# What is read


def went_on_lately(session: Session, introduction_id: UUID, *, now: datetime) -> bool:
    """Say whether a pair goes on since a short while, so that both read so. Whoever asks has read the pair."""
    lifted_at = last_lifted(session, introduction_id)
    return lifted_at is not None and lifted_at > now - TOLD_FOR


def last_lifted(session: Session, introduction_id: UUID) -> datetime | None:
    """Return since when a pair goes on after a hold; None where it never rested."""
    return session.scalar(select(func.max(Hold.lifted_at)).where(Hold.introduction_id == introduction_id))


def read_pair(session: Session, actor: Actor, introduction_id: UUID) -> ShownPair:
    """Return a pair with its holds for the desk. The reading is for the audit to record. Raises Missing."""
    pair = _read(session, actor, introduction_id, Action.SEE_HOLD)
    found = list(session.scalars(_holds_of(pair.id)))
    said = [(one, Hold.said.shown(one), Hold.lifted.shown(one)) for one in found]
    people = {UUID(each["by"]) for _, *both in said for each in both if isinstance(each, dict) and each["by"]}
    staff = names.of_staff(session, people)
    return ShownPair(
        id=pair.id,
        request_id=pair.request_id,
        woman=names.of_requests(session, [pair.request_id]).get(pair.request_id, ""),
        supporter=names.of_supporters(session, [pair.supporter_id]).get(pair.supporter_id, ""),
        state=pair.state,
        holds=[_shown(*one, staff) for one in said],
        is_asked_again=any(one.again_at is not None for one in found),
    )


def record_reading(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Record that somebody at the desk opened the page of a pair."""
    pair = _read(session, actor, introduction_id, Action.SEE_HOLD)
    audit.record(session, actor, Act.HOLD_READ, pair, at=now, about=pair.request.user_id)


def _shown(hold: Hold, said: Sealed, lifted: Sealed, staff: dict[UUID, str]) -> ShownHold:
    held_for, by, note = _say(said, staff)
    return ShownHold(hold.held_at, held_for, by, note, hold.lifted_at, *_say(lifted, staff))


def _say(said: Sealed, staff: dict[UUID, str]) -> tuple[str, str, str]:
    """Return reason, name and note; of what cannot be read nothing is known."""
    if not isinstance(said, dict):
        return "", "", ""
    return said["reason"], staff.get(UUID(said["by"]), "") if said["by"] else "", said["note"]


def _open_one(session: Session, introduction_id: UUID) -> UUID | None:
    open_ = select(Hold.id).where(Hold.introduction_id == introduction_id, Hold.lifted_at.is_(None))
    return session.scalar(open_)


def _holds_of(introduction_id: UUID) -> Select[Hold]:
    return select(Hold).where(Hold.introduction_id == introduction_id).order_by(Hold.held_at.desc(), Hold.id)


def _read(session: Session, actor: Actor, introduction_id: UUID, action: Action) -> Introduction:
    pair = session.get(Introduction, introduction_id, options=introductions.WITHOUT_ANSWERS)
    if pair is None:
        raise Missing
    require_as_staff(session, actor, action, introductions.subject_of(pair))
    return pair


def _load(session: Session, actor: Actor, introduction_id: UUID, action: Action) -> Introduction:
    """Lock a pair, and its supporter before it, for an act of the desk. Raises Missing."""
    _lock_supporter(session, introduction_id)
    introduction = load_locked(session, Introduction, introduction_id)
    require_as_staff(session, actor, action, introductions.subject_of(introduction))
    return introduction


def _lock_supporter(session: Session, introduction_id: UUID) -> None:
    """Lock the supporter of a pair: while it rests on hold, nobody new is suggested to her, whoever asked for it."""
    hers = select(Introduction.supporter_id).where(Introduction.id == introduction_id)
    lock_rows(session, Supporter, Supporter.id.in_(hers))
