"""A pair ends: at once and without a reason, by her, by her supporter or by the desk, with a goodbye or without.

Her answers and her place are kept. The supporter is asked how she is, and no new woman is suggested to her for a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from webapp.domain import checkins, introductions, places, requests, supporters
from webapp.domain.absences.covers import Event
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.introductions import Side, Then, WhyEnded
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Soon
from webapp.models import (
    Agreement,
    CheckIn,
    Cover,
    Introduction,
    Meeting,
    Message,
    PairView,
    Request,
    Supporter,
    TalkLog,
)
from webapp.services import audit, outbox, tasks
from webapp.services.absences import rows
from webapp.services.acting import Missing, TooLate, hold_request, load_locked, require
from webapp.services.introductions import load_pair, subject_of
from webapp.services.locking import Held, lock_rows
from webapp.services.pairs.withdrawing import withdraw_all
from webapp.services.safety import holds
from webapp.services.safety.closed_files import require_as_staff

AFTER = {
    Then.ANOTHER: requests.Event.ENDED,
    Then.REST: requests.Event.PAUSED,
    Then.DONE: requests.Event.CLOSED,
}


THEIRS = (Message, TalkLog, Meeting, Agreement, PairView)
"""What is the two's alone, and is forgotten with their talk; of these the later ones are pointed to by the earlier."""


class BadGoodbye(Exception):
    """Raised for a goodbye that is too long."""


@dataclass(frozen=True)
class Ending:
    """How a pair ends: by whom, what she would like next, and the last words of whoever ends it."""

    by: Side
    then: Then = Then.ANOTHER
    goodbye: str = ""
    why: WhyEnded | None = None
    note: str = ""


def end_pair(
    session: Session, actor: Actor, introduction_id: UUID, *, then: Then = Then.REST, goodbye: str = "", now: datetime
) -> bool:
    """End a pair at once, by one of the two; her request goes on as she says.

    Where her supporter ends it, the woman waits again in her old place and may say otherwise at any time. Returns
    whether her last words, if any, were left: while contact is on hold nobody writes to anybody.
    Raises BadGoodbye; TooLate where it has ended.
    """
    held, introduction = hold_pair(session, introduction_id)
    require(actor, Action.CHANGE_PAIR, subject_of(introduction))
    is_left = not goodbye.strip() or introduction.state != introductions.State.ON_HOLD
    is_hers = held.request.user_id == actor.id
    ending = Ending(Side.REQUESTER, then, goodbye) if is_hers else Ending(Side.SUPPORTER, goodbye=goodbye)
    end(session, actor, held, introduction, ending, now=now)
    return is_left


def end_at_desk(
    session: Session, actor: Actor, introduction_id: UUID, *, why: WhyEnded, then: Then, note: str, now: datetime
) -> None:
    """End a pair by a coordinator, with a code and a note for the team. Raises TooLate where it has ended."""
    held, introduction = hold_pair(session, introduction_id)
    require_as_staff(session, actor, Action.END_PAIR_AT_DESK, subject_of(introduction))
    end(session, actor, held, introduction, Ending(Side.DESK, then, why=why, note=note), now=now)


def hold_pair(session: Session, introduction_id: UUID) -> tuple[Held, Introduction]:
    """Lock a request and the pair that lives of it. Raises Missing, and TooLate where the pair has ended."""
    request_id = session.scalar(select(Introduction.request_id).where(Introduction.id == introduction_id))
    if request_id is None:
        raise Missing
    held = hold_request(session, request_id)
    live = next((one for one in held.introductions if one.id == introduction_id), None)
    return held, live or session.get_one(Introduction, introduction_id, populate_existing=True)


def end(
    session: Session, actor: Actor, held: Held, introduction: Introduction, ending: Ending, *, now: datetime
) -> None:
    """End a pair whose request is held, and let the request go on."""
    if introduction.state == introductions.State.ENDED:
        raise TooLate
    if len(ending.goodbye) > introductions.LONGEST_GOODBYE:
        raise BadGoodbye
    if introduction.covers_id is not None:
        _end_cover(session, actor, held, introduction, ending, now=now)
        return
    end_introduction(session, actor, held, introduction, ending, now=now)
    request = held.request
    request.state = requests.step(requests.State(request.state), AFTER[ending.then])
    request.look_from(now)
    tasks.open_task(
        session, actor, Kind.ENDED, about=request.user_id, thing=introduction.id, soon=Soon.NEXT_DAY,
        introduction_id=introduction.id, now=now,
    )  # fmt: skip


def _end_cover(
    session: Session, actor: Actor, held: Held, talk: Introduction, ending: Ending, *, now: datetime
) -> None:
    """End the conversation of a woman and who covers: her request and her pair go on as they are."""
    assert talk.covers_id is not None
    cover = rows.lock_open(session, talk.covers_id)
    event = Event.WITHDRAWN if ending.by is Side.DESK else Event.PARTED
    if cover is not None and cover.conversation_id == talk.id:
        rows.move(session, actor, cover, event, about=held.request.user_id, now=now)
    end_introduction(session, actor, held, talk, ending, now=now)


def _end_with_pair(session: Session, actor: Actor, held: Held, pair: Introduction, *, now: datetime) -> None:
    """End what was begun for the absence of a supporter whose pair ends: the tasks, the cover and its conversation."""
    tasks.close_of_pair(session, actor, pair.id, {Kind.AWAY, Kind.NO_COVER}, now=now)
    if (cover := held.cover_of(pair.id)) is not None:
        end_cover(session, actor, held, cover, Event.WITHDRAWN, now=now)


def end_cover(session: Session, actor: Actor, held: Held, cover: Cover, event: Event, *, now: datetime) -> None:
    """End a cover whose request is held, with the conversation where there is one."""
    rows.move(session, actor, cover, event, about=held.request.user_id, now=now)
    for talk in held.introductions:
        if talk.id == cover.conversation_id and talk.state != introductions.State.ENDED:
            end_introduction(session, actor, held, talk, Ending(Side.DESK), now=now)


def end_introduction(
    session: Session, actor: Actor, held: Held, introduction: Introduction, ending: Ending, *, now: datetime
) -> None:
    """End a pair: the last words are kept, the place is free, the supporter rests, what was planned falls away."""
    was_on_hold = introduction.state == introductions.State.ON_HOLD
    withdraw_all(session, actor, introduction.id, now=now)
    if ending.goodbye.strip():
        _write_goodbye(session, actor, introduction, ending.goodbye, now=now)
    introduction.state = introductions.step(introductions.State(introduction.state), introductions.Event.ENDED)
    introduction.ended_at, introduction.paused_by, introduction.paused_until = now, None, None
    introduction.ending = {
        "by": ending.by.value, "actor": str(actor.id), "then": ending.then.value,
        "why": ending.why.value if ending.why else None, "note": ending.note.strip(), "was_on_hold": was_on_hold,
    }  # fmt: skip
    supporter = held.supporters[introduction.supporter_id]
    supporter.taken = places.give_back(supporter.taken)
    _let_rest(session, actor, supporter, now=now)
    for planned in lock_rows(
        session, CheckIn, CheckIn.introduction_id == introduction.id, CheckIn.state == checkins.State.DUE
    ):
        session.delete(planned)
    _ask_how_it_was(session, introduction, now=now)
    holds.end_with_pairs(session, actor, [introduction], now=now)
    audit.record(session, actor, Act.INTRODUCTION_ENDED, introduction, at=now, about=held.request.user_id)
    if introduction.covers_id is None:
        _end_with_pair(session, actor, held, introduction, now=now)
    for person in subject_of(introduction).parties - {actor.id}:
        dedupe = f"{introduction.id}:{person}"
        outbox.put(session, Notice.A_PAIR_HAS_ENDED, dedupe=dedupe, due_at=now, to=person, pair=str(introduction.id))


def _let_rest(session: Session, actor: Actor, supporter: Supporter, *, now: datetime) -> None:
    """Suggest no new woman to her for a while; strain, which a person must lift, is stronger."""
    if supporter.rests_why == supporters.Rest.STRAIN or supporter.state != supporters.State.ACTIVE:
        return
    supporter.rests_why = supporters.Rest.COOL_DOWN
    supporter.rests_until = (now + supporters.COOL_DOWN).date()
    audit.record(
        session, actor, Act.SUPPORTER_RESTED, supporter, at=now, about=supporter.user_id, code=supporters.Rest.COOL_DOWN
    )


def _ask_how_it_was(session: Session, introduction: Introduction, *, now: datetime) -> None:
    """Lay a last check-in before both: how it was, and for the supporter how she is."""
    for person in subject_of(introduction).parties:
        asked = {"due_on": now.date(), "state": checkins.State.DUE, "kind": checkins.Kind.ENDING}
        session.add(CheckIn(introduction_id=introduction.id, user_id=person, **asked))


# The last words


def may_be_said(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> bool:
    """Say whether a last word of one of the two can still be left."""
    return may_say_goodbye(session, actor, load_pair(session, actor, introduction_id), now=now)


def may_say_goodbye(session: Session, actor: Actor, introduction: Introduction, *, now: datetime) -> bool:
    """Say whether somebody can still leave a last word: once, for two weeks, never after a hold.

    That is who ended a pair; both, where it ended on the day that they had named.
    """
    ended_at, ending = introduction.ended_at, Introduction.ending.shown(introduction)
    if ended_at is None or not isinstance(ending, dict) or ending["was_on_hold"]:
        return False
    is_hers = ending["actor"] == str(actor.id) or ending["by"] == Side.TIME
    return is_hers and now < ended_at + introductions.GOODBYE_WITHIN and not _goodbyes(session, actor, introduction.id)


def was_said(session: Session, actor: Actor, introduction_id: UUID, words: str) -> bool:
    """Say whether just these were her last words, as where a form is sent twice. Raises Missing."""
    pair = load_pair(session, actor, introduction_id)
    return words.strip() in [Message.body.shown(one) for one in _goodbyes(session, actor, pair.id)]


def _goodbyes(session: Session, actor: Actor, introduction_id: UUID) -> Sequence[Message]:
    mine = (Message.introduction_id == introduction_id, Message.sender_id == actor.id, Message.is_goodbye)
    return session.scalars(select(Message).where(*mine)).all()


def say_goodbye(session: Session, actor: Actor, introduction_id: UUID, words: str, *, now: datetime) -> None:
    """Leave a last word after an ending. Raises BadGoodbye, and TooLate where it is said or too late."""
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, Action.CHANGE_PAIR, subject_of(introduction))
    if not words.strip() or len(words) > introductions.LONGEST_GOODBYE:
        raise BadGoodbye
    if not may_say_goodbye(session, actor, introduction, now=now):
        raise TooLate
    _write_goodbye(session, actor, introduction, words, now=now)


def _write_goodbye(session: Session, actor: Actor, introduction: Introduction, words: str, *, now: datetime) -> None:
    """Keep the last words in the conversation; while contact is on hold nobody writes to anybody."""
    if introduction.state == introductions.State.ON_HOLD:
        return
    message = Message(
        introduction_id=introduction.id, sender_id=actor.id, sent_at=now, is_goodbye=True, body=words.strip()
    )
    session.add(message)
    session.flush()
    audit.record(session, actor, Act.GOODBYE_WRITTEN, message, at=now, about=introduction.request.user_id)


# When it is forgotten


def list_to_forget(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs that ended so long ago that nobody reads any more what they wrote."""
    old = (Introduction.state == introductions.State.ENDED, Introduction.ended_at <= now - introductions.READABLE_FOR)
    left = or_(*(select(kind.id).where(kind.introduction_id == Introduction.id).exists() for kind in THEIRS))
    return list(session.scalars(select(Introduction.id).where(*old, left).order_by(Introduction.ended_at)))


def forget_talk(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Delete what two wrote to each other and arranged, once its time is over."""
    introduction = load_locked(session, Introduction, introduction_id)
    if introduction.ended_at is None or now < introductions.readable_until(introduction.ended_at):
        return
    for kind in THEIRS:
        session.execute(delete(kind).where(kind.introduction_id == introduction.id))
    about = session.scalar(select(Request.user_id).where(Request.id == introduction.request_id))
    audit.record(session, actor, Act.TALK_FORGOTTEN, introduction, at=now, about=about)
