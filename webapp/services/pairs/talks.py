"""Whether two talked: one tap of each, set side by side and never against each other. No story is kept.

For the supporter this is her log of contacts. A talk is a sign of life of the pair; a "not this time" only where the
supporter says it: of a woman who waits, it tells nothing of her supporter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.crypto.fields import Unreadable
from webapp.domain import meetings
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.tasks import ended_by_a_sign
from webapp.models import Introduction, Meeting, Message, TalkLog
from webapp.services import audit, tasks
from webapp.services.acting import Missing, TooLate
from webapp.services.introductions import load_pair
from webapp.services.pairs.holding import lock_open, note_contact
from webapp.services.pairs.shared_times import zone_of

ANSWERED = (meetings.State.ACCEPTED, meetings.State.DECLINED)


@dataclass(frozen=True)
class Said:
    """What one of the two said of a talk."""

    talked: bool
    length: str
    way: str


@dataclass(frozen=True)
class ShownTalk:
    """One talk with what each of the two said of it, None for nothing yet; `starts_at` where it was a planned one."""

    on_day: date
    meeting_id: UUID | None
    starts_at: datetime | None
    mine: Said | None
    hers: Said | None

    @property
    def both_talked(self) -> bool:
        """Say whether both said that they talked."""
        return self.mine is not None and self.hers is not None and self.mine.talked and self.hers.talked


def say_talked(
    session: Session, actor: Actor, introduction_id: UUID, *, talked: bool, meeting_id: UUID | None = None,
    days_ago: int = 0, on_day: date | None = None, length: str = "", way: str = "", now: datetime,
) -> TalkLog:  # fmt: skip
    """Say of an accepted time, or of a day, that the two talked or did not; said again, the last word holds.

    Raises Missing for a time that is none of theirs; TooLate for one that has not begun, a day to come or long ago.
    """
    introduction = lock_open(session, actor, introduction_id, Action.SAY_TALKED)
    meeting = _accepted(session, introduction, meeting_id, now) if meeting_id else None
    today = now.astimezone(ZoneInfo(zone_of(introduction, actor.id))).date()
    day = _day_of(meeting, introduction, actor) if meeting else on_day or today - timedelta(days=days_ago)
    if not today - meetings.ASKED_FOR <= day <= today:
        raise TooLate
    if talked:
        note_contact(introduction)
        tasks.close_of_pair(session, actor, introduction.id, ended_by_a_sign(is_answer=True), now=now)
    log = _own(session, introduction, actor, meeting, day)
    log.said_at, log.said = now, {"talked": "yes" if talked else "no", "length": length, "way": way}
    session.flush()
    audit.record(session, actor, Act.TALK_SAID, log, at=now, about=introduction.request.user_id)
    return log


def _accepted(session: Session, introduction: Introduction, meeting_id: UUID, now: datetime) -> Meeting:
    meeting = session.get(Meeting, meeting_id, populate_existing=True)
    if meeting is None or meeting.introduction_id != introduction.id or meeting.state != meetings.State.ACCEPTED:
        raise Missing
    if meeting.starts_at > now:
        raise TooLate
    return meeting


def _day_of(meeting: Meeting, introduction: Introduction, actor: Actor) -> date:
    return meeting.starts_at.astimezone(ZoneInfo(zone_of(introduction, actor.id))).date()


def _own(session: Session, introduction: Introduction, actor: Actor, meeting: Meeting | None, day: date) -> TalkLog:
    mine = select(TalkLog).where(TalkLog.introduction_id == introduction.id, TalkLog.user_id == actor.id)
    which = (TalkLog.meeting_id == meeting.id,) if meeting else (TalkLog.meeting_id.is_(None), TalkLog.on_day == day)
    log = session.scalars(mine.where(*which)).first()
    if log is None:
        log = TalkLog(introduction_id=introduction.id, user_id=actor.id, meeting_id=meeting.id if meeting else None)
        log.on_day = day
        session.add(log)
    return log


def read_talks(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> list[ShownTalk]:
    """Return the talks of the last weeks of which one of the two has said something, the latest first."""
    introduction = load_pair(session, actor, introduction_id)
    since = (now - meetings.ASKED_FOR).date()
    asked = select(TalkLog, Meeting.starts_at).outerjoin(Meeting, Meeting.id == TalkLog.meeting_id)
    recent = asked.where(TalkLog.introduction_id == introduction.id, TalkLog.on_day >= since)
    by_talk: dict[UUID | date, list[tuple[TalkLog, datetime | None]]] = {}
    for log, starts_at in session.execute(recent.order_by(TalkLog.on_day.desc(), TalkLog.said_at.desc())):
        by_talk.setdefault(log.meeting_id or log.on_day, []).append((log, starts_at))
    return [_shown(rows, actor) for rows in by_talk.values()]


def _shown(rows: Sequence[tuple[TalkLog, datetime | None]], actor: Actor) -> ShownTalk:
    log, starts_at = rows[0]
    mine, hers = _side_by_side((one for one, _ in rows), actor)
    return ShownTalk(log.on_day, log.meeting_id, starts_at, mine, hers)


def _side_by_side(logs: Iterable[TalkLog], actor: Actor) -> tuple[Said | None, Said | None]:
    mine = hers = None
    for log in logs:
        said = TalkLog.said.shown(log)
        if isinstance(said, Unreadable):
            continue
        read = Said(said["talked"] == "yes", said.get("length", ""), said.get("way", ""))
        mine, hers = (read, hers) if log.user_id == actor.id else (mine, read)
    return mine, hers


def last_sign_of_life(session: Session, pair: Introduction) -> datetime | None:
    """Return when either of the two last wrote or arranged a time, or the two last talked; None for never."""
    arranged = Meeting.introduction_id == pair.id
    signs = (
        select(func.max(Message.sent_at)).where(Message.introduction_id == pair.id),
        select(func.max(Meeting.proposed_at)).where(arranged),
        select(func.max(Meeting.decided_at)).where(arranged, Meeting.state == meetings.State.ACCEPTED),
    )
    return max(filter(None, (*map(session.scalar, signs), last_answer(session, pair))), default=None)


def last_answer(session: Session, pair: Introduction) -> datetime | None:
    """Return when the supporter last gave a sign herself, or the woman said that the two talked; None for never."""
    hers = pair.supporter.user_id
    arranged = Meeting.introduction_id == pair.id
    answered = (Meeting.state.in_(ANSWERED), Meeting.proposed_by != hers)
    signs = (
        _latest(Message.sent_at).where(Message.introduction_id == pair.id, Message.sender_id == hers),
        select(func.max(TalkLog.said_at)).where(TalkLog.introduction_id == pair.id, TalkLog.user_id == hers),
        select(func.max(Meeting.proposed_at)).where(arranged, Meeting.proposed_by == hers),
        select(func.max(Meeting.decided_at)).where(arranged, *answered),
    )
    return max(filter(None, (*map(session.scalar, signs), _last_talk_by_the_woman(session, pair))), default=None)


def _latest(moment: InstrumentedAttribute[Any]) -> Select[Any]:
    """Ask for the latest moment by walking back from the end: the greatest of all would be looked for among all."""
    return select(moment).order_by(moment.desc()).limit(1)


def _last_talk_by_the_woman(session: Session, pair: Introduction) -> datetime | None:
    told = select(TalkLog).where(TalkLog.introduction_id == pair.id, TalkLog.user_id != pair.supporter.user_id)
    for log in session.scalars(told.order_by(TalkLog.said_at.desc())):
        said = TalkLog.said.shown(log)
        if not isinstance(said, Unreadable) and said["talked"] == "yes":
            return log.said_at
    return None


def first_word_of_hers(session: Session, pair: Introduction, *, after: datetime) -> datetime | None:
    """Return when the woman first wrote or proposed a time after a moment; None where she did neither."""
    supporter = pair.supporter.user_id
    wrote = (Message.introduction_id == pair.id, Message.sender_id != supporter, Message.sent_at > after)
    asked = (Meeting.introduction_id == pair.id, Meeting.proposed_by != supporter, Meeting.proposed_at > after)
    words = (
        select(Message.sent_at).where(*wrote).order_by(Message.sent_at).limit(1),
        select(func.min(Meeting.proposed_at)).where(*asked, Meeting.state == meetings.State.PROPOSED),
    )
    return min(filter(None, map(session.scalar, words)), default=None)
