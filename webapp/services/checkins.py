"""Check-ins: what is due for a person, and her answer. What follows from it is in pairs/following."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defaultload

from webapp.crypto.fields import UNREADABLE
from webapp.domain import checkins
from webapp.domain import introductions as rules
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import CheckIn, Introduction, Request, Supporter
from webapp.services import audit, introductions, names
from webapp.services.acting import Missing, load_locked, require
from webapp.services.pairs import endings, following, holding
from webapp.services.tasks import turns
from webapp.services.threads import people

_PAIR = defaultload(CheckIn.introduction)
WITHOUT_ANSWERS = (
    _PAIR.defaultload(Introduction.request).defer(Request.answers_sealed),
    _PAIR.defaultload(Introduction.supporter).defer(Supporter.answers_sealed),
)


@dataclass(frozen=True)
class ShownCheckIn:
    """A check-in as its owner sees it: about whom it is and where it stands.

    `covers_id` is her pair, where the other only covers. `closed_outside`: what she ticked closed every way off the
    site. `reader` is who of the programme reads it, if somebody must.
    """

    id: UUID
    introduction_id: UUID
    side: checkins.Side
    other_name: str
    state: str
    urgency: str
    kind: checkins.Kind
    follows: checkins.Follows | None
    covers_id: UUID | None
    closed_outside: bool
    may_say_goodbye: bool = False
    reader: turns.Reader = turns.Reader.COORDINATOR


def subject_of(checkin: CheckIn) -> Subject:
    """Say whose a check-in is, and who the pair are: neither of them may look at it as staff."""
    return Subject(checkin.user_id, introductions.subject_of(checkin.introduction).parties)


def side_of(checkin: CheckIn) -> checkins.Side:
    """Say which side of the pair is asked."""
    asks = checkin.user_id == checkin.introduction.request.user_id
    return checkins.Side.REQUESTER if asks else checkins.Side.SUPPORTER


def list_due(session: Session, actor: Actor, *, on: date) -> list[CheckIn]:
    """Return the check-ins of a person that are due. Those of a pair on hold rest with it."""
    mine = select(CheckIn).where(CheckIn.user_id == actor.id, CheckIn.state == checkins.State.DUE, CheckIn.due_on <= on)
    mine = mine.where(CheckIn.introduction_id.not_in(_on_hold(actor)))
    return list(session.scalars(mine.order_by(CheckIn.due_on, CheckIn.id).options(*WITHOUT_ANSWERS)))


def find_due(session: Session, actor: Actor, introduction_id: UUID, *, on: date) -> UUID | None:
    """Find the first check-in of a person about one pair that is due."""
    about = (CheckIn.user_id == actor.id, CheckIn.introduction_id == introduction_id)
    due = select(CheckIn.id).where(*about, CheckIn.state == checkins.State.DUE, CheckIn.due_on <= on)
    due = due.where(CheckIn.introduction_id.not_in(_on_hold(actor)))
    return session.scalars(due.order_by(CheckIn.due_on, CheckIn.id).limit(1)).first()


def _on_hold(actor: Actor) -> Select[UUID]:
    return introductions.ids_of(actor.id).where(Introduction.state == rules.State.ON_HOLD)


def list_mine(session: Session, actor: Actor, *, on: date) -> list[ShownCheckIn]:
    """Return the check-ins of a person that are due, with the name of the other."""
    return _shown_to_owner(session, list_due(session, actor, on=on))


def read_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> ShownCheckIn:
    """Return a check-in whose day has come. Raises Missing before its day."""
    checkin = session.get(CheckIn, checkin_id, options=WITHOUT_ANSWERS)
    if checkin is None:
        raise Missing
    require(actor, Action.SEE_CHECKIN, subject_of(checkin))
    if checkin.due_on > now.date():
        raise Missing
    (shown,) = _shown_to_owner(session, [checkin])
    reader = turns.reader_of(session, TaskKind.CHECK_IN, checkin.id, about=checkin.user_id)
    may_part = shown.follows in following.THEN
    may_part = may_part and endings.may_say_goodbye(session, actor, checkin.introduction, now=now)
    return replace(shown, reader=reader, may_say_goodbye=may_part)


def _shown_to_owner(session: Session, found: list[CheckIn]) -> list[ShownCheckIn]:
    pairs = [one.introduction for one in found]
    women = names.of_requests(session, (pair.request_id for pair in pairs)) if pairs else {}
    supporters = names.of_supporters(session, (pair.supporter_id for pair in pairs)) if pairs else {}
    shown = []
    for one in found:
        side, pair = side_of(one), one.introduction
        other = supporters.get(pair.supporter_id) if side is checkins.Side.REQUESTER else women.get(pair.request_id)
        said = CheckIn.said.shown(one)
        said = said if isinstance(said, dict) else {}
        came, kind = checkins.follows(said), checkins.Kind(one.kind)
        shown.append(
            ShownCheckIn(
                one.id, pair.id, side, other or "", one.state, _urgency_for_owner(one), kind, came, pair.covers_id,
                checkins.is_unsafe(said),
            )
        )  # fmt: skip
    return shown


def _urgency_for_owner(checkin: CheckIn) -> str:
    """Say how soon somebody looks; of a damaged one, that it is today: so the desk takes it."""
    urgency = CheckIn.urgency.shown(checkin) or checkins.Urgency.NONE
    return checkins.Urgency.TODAY if urgency is UNREADABLE else checkins.Urgency(urgency)


def begin_checkin(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> UUID:
    """Open a check-in for whoever has something to tell, any number of times; one that is open already, once more."""
    holding.lock_pair(session, actor, introduction_id, Action.BEGIN_CHECKIN)
    mine = (CheckIn.introduction_id == introduction_id, CheckIn.user_id == actor.id)
    due = (CheckIn.state == checkins.State.DUE, CheckIn.due_on <= now.date())
    found = session.scalars(select(CheckIn.id).where(*mine, *due).order_by(CheckIn.due_on.desc())).first()
    if found is not None:
        return found
    asked = {"due_on": now.date(), "state": checkins.State.DUE, "kind": checkins.Kind.TOLD}
    opened = CheckIn(introduction_id=introduction_id, user_id=actor.id, **asked)
    session.add(opened)
    session.flush()
    audit.record(session, actor, Act.CHECK_IN_BEGUN, opened, at=now, about=actor.id)
    return opened.id


def answer_checkin(
    session: Session, actor: Actor, checkin_id: UUID, answers: Mapping[str, str], *, now: datetime
) -> checkins.Urgency:
    """Keep the answers of a check-in, do at once what follows, and lay it on the desk where somebody must look.

    Raises BadAnswer, WrongStep.
    """
    checkin, pair = following.hold(session, checkin_id, checkins.follows(answers))
    require(actor, Action.ANSWER_CHECKIN, subject_of(checkin))
    if checkin.due_on > now.date():
        raise Missing
    kind = checkins.Kind(checkin.kind)
    is_cover = checkin.introduction.covers_id is not None
    checkins.check_answers(side_of(checkin), kind, answers, is_cover=is_cover)
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.ANSWERED)
    urgency = checkins.urgency(answers, kind)
    checkin.said, checkin.answered_at, checkin.urgency = dict(answers), now, urgency
    audit.record(session, actor, Act.CHECK_IN_ANSWERED, checkin, at=now, about=actor.id)
    following.follow(session, actor, checkin, pair, urgency, now=now)
    return urgency


def was_said(session: Session, actor: Actor, checkin_id: UUID, answers: Mapping[str, str]) -> bool:
    """Say whether just these answers stand in a check-in of hers. Raises Missing."""
    checkin = session.get(CheckIn, checkin_id, options=WITHOUT_ANSWERS)
    if checkin is None:
        raise Missing
    require(actor, Action.SEE_CHECKIN, subject_of(checkin))
    return CheckIn.said.shown(checkin) == dict(answers)


def skip_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Skip a check-in; no reason is needed. Skipped twice is skipped once."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require(actor, Action.ANSWER_CHECKIN, subject_of(checkin))
    if checkin.due_on > now.date():
        raise Missing
    if checkin.state == checkins.State.SKIPPED:
        return
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.SKIPPED)
    audit.record(session, actor, Act.CHECK_IN_SKIPPED, checkin, at=now, about=actor.id)


@dataclass(frozen=True)
class Line:
    """What somebody answered to one statement over time, the oldest first: the day, and how far from 0 to 4."""

    question: str
    points: list[tuple[date, int]]


@dataclass(frozen=True)
class OwnLines:
    """How a woman's own answers have been, a line for each statement; and whether she has answered anything at all."""

    lines: list[Line]
    has_answered: bool


def read_own_lines(session: Session, actor: Actor) -> OwnLines:
    """Return how a woman's own answers about a meeting have been over time, each on its day by her own clock."""
    require(actor, Action.SEE_OWN_LINES, Subject(owner=actor.id))
    field = CheckIn.said
    columns = dict.fromkeys((*field.needs(), "answered_at"))
    mine = (CheckIn.user_id == actor.id, CheckIn.answered_at.is_not(None))
    rows = session.execute(
        select(*(getattr(CheckIn, name) for name in columns)).where(*mine).order_by(CheckIn.answered_at)
    )
    zone = ZoneInfo(people.zone_of(session, actor))
    answered = [(row.answered_at.astimezone(zone).date(), field.shown(row)) for row in rows]
    said = [(day, one) for day, one in answered if isinstance(one, dict)]
    lines = [
        Line(question, [(day, checkins.AGREEMENT.index(one[question])) for day, one in said if question in one])
        for question in checkins.STATEMENTS
    ]
    return OwnLines(lines, has_answered=bool(answered))
