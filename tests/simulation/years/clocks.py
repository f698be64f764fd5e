"""Rules of time: what is overdue has been acted on, or is a task of a named person who is there, within two days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from tests.simulation.years.asked import LAG, Breach, KnownTask, Look, Rule
from webapp.models import (
    AuditRecord,
    CheckIn,
    Concern,
    Cover,
    Hold,
    Introduction,
    Meeting,
    Message,
    Proposal,
    Request,
    StaffMember,
    Supporter,
    TalkLog,
    Task,
    Thread,
    ThreadWord,
    User,
)

ONE_DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)
SILENT_FOR, FIRST_WORD = timedelta(days=14), timedelta(hours=72)
A_MONTH = timedelta(days=30)
FIVE_WORKING_DAYS = timedelta(days=13)
"""The longest that five working days take, over the holidays at the end of a year."""
NOTICED = ("first word late", "silence", "check-ins missed", "check-in", "concern", "on hold", "away")
HERS = ("words unanswered", "contact soon")


def owned(look: Look) -> Iterator[Breach]:
    """Every open task is named to somebody; two days after its time to somebody who is really there."""
    today = look.now.date()
    away = set(look.session.scalars(select(StaffMember.id).where(
        StaffMember.away_from <= today, or_(StaffMember.away_until.is_(None), StaffMember.away_until >= today)
    )))  # fmt: skip
    for one in look.session.execute(select(Task.id, Task.owner_id, Task.about_id).where(Task.done_at.is_(None))):
        look.count()
        known, is_late = look.memory.tasks[one.id], look.memory.tasks[one.id].due_at + TWO_DAYS < look.now
        told = f"{known.kind}, due {known.due_at:%Y-%m-%d %H:%M}"
        if one.owner_id is None and known.due_at + ONE_DAY + LAG < look.now:  # until then it is everybody's
            yield Breach(f"nobody's task: {told}", (one.about_id,))
        elif one.owner_id in away and known.opened_at < look.now - LAG:
            yield Breach(f"a task of one who is away: {told}", (one.about_id, one.owner_id))
        elif is_late and not look.cast.is_here(one.owner_id):
            yield Breach(f"a task of one who is gone: {told}", (one.about_id, one.owner_id))


def offers(look: Look) -> Iterator[Breach]:
    """No offer is open beyond its two days, and no ask to cover."""
    asks = select(Cover.expires_at, Cover.supporter_id).where(Cover.state == "offered")
    for one in look.session.execute(asks):
        look.count()
        if one.expires_at + LAG < look.now:
            yield Breach(f"an ask to cover is open beyond {one.expires_at:%Y-%m-%d %H:%M}: {one.supporter_id}")
    open_ = select(Proposal.offered_at, Request.user_id).join(Proposal.request).where(Proposal.state == "offered")
    for one in look.session.execute(open_):
        look.count()
        if one.offered_at + TWO_DAYS + LAG < look.now:
            yield Breach(f"an offer of {one.offered_at:%Y-%m-%d %H:%M} is open", (one.user_id,))


def first_words(look: Look) -> Iterator[Breach]:
    """Three days after a yes without a word, the pair is on the desk."""
    late = select(Introduction.id, Introduction.introduced_at, Request.user_id).join(Introduction.request)
    late = late.join(Introduction.supporter).where(_is_there(look))
    late = late.where(Introduction.state == "introduced", Introduction.introduced_at < look.now - FIRST_WORD - LAG)
    for one in look.session.execute(late):
        look.count()
        if not _since(look.memory.of_pair[one.id], ("first word late",), one.introduced_at):
            yield Breach(f"no word since {one.introduced_at:%Y-%m-%d}, and no task", (one.user_id,))


def silences(look: Look) -> Iterator[Breach]:
    """Fourteen days after the last sign of either, the pair is on the desk."""
    signs = _last_signs(look)
    pairs = select(Introduction.id, Introduction.introduced_at, Request.user_id, Supporter.back_at)
    pairs = pairs.join(Introduction.request).join(Introduction.supporter).where(_is_there(look))
    for one in look.session.execute(pairs.where(Introduction.state == "in contact")):
        look.count()
        last = max(signs.get(one.id, one.introduced_at), one.introduced_at, one.back_at or one.introduced_at)
        if last < look.now - SILENT_FOR - LAG and not _since(look.memory.of_pair[one.id], ("silence",), last):
            yield Breach(f"silent since {last:%Y-%m-%d}, and no task", (one.user_id,))


def _is_there(look: Look) -> ColumnElement[bool]:
    """Leave out who is on a break, or was until a moment ago: of her the desk was told otherwise."""
    return and_(Supporter.away_since.is_(None), or_(Supporter.back_at.is_(None), Supporter.back_at < look.now - LAG))


def _last_signs(look: Look) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    moments = ((Message.introduction_id, Message.sent_at), (TalkLog.introduction_id, TalkLog.said_at),
               (Meeting.introduction_id, Meeting.proposed_at), (Hold.introduction_id, Hold.lifted_at))  # fmt: skip
    live = select(Introduction.id).where(Introduction.state == "in contact")
    for pair, at in moments:
        for row in look.session.execute(select(pair, func.max(at)).where(pair.in_(live)).group_by(pair)):
            if row[1] is not None:
                found[row[0]] = max(found.get(row[0], row[1]), row[1])
    decided = select(Meeting.introduction_id, func.max(Meeting.decided_at)).where(Meeting.state == "accepted")
    for row in look.session.execute(decided.group_by(Meeting.introduction_id)):
        if row[1] is not None:
            found[row[0]] = max(found.get(row[0], row[1]), row[1])
    return found


def waiting(look: Look) -> Iterator[Breach]:
    """Who waits past five working days reads a day to come, and somebody at the desk has her as a task."""
    late = select(Request.id, Request.user_id, Request.looking_since, Request.look_again_on).where(
        Request.state == "waiting", Request.looking_since < look.now - FIVE_WORKING_DAYS
    )
    for one in look.session.execute(late):
        look.count()
        is_named = one.look_again_on is not None and one.look_again_on >= look.now.date() - timedelta(days=1)
        is_known = _since(look.memory.of_person[one.user_id], ("request late", "without supporter"), one.looking_since)
        if not is_named or not (is_known or _has_a_day_by_the_desk(look, one)):
            yield Breach(f"waits since {one.looking_since:%Y-%m-%d}, told {one.look_again_on}", (one.user_id,))


def _has_a_day_by_the_desk(look: Look, one: Any) -> bool:
    """Say whether a person, and not the clock, named her the day that is to come."""
    named = (AuditRecord.about_id == one.user_id, AuditRecord.action == "look again set")
    by_a_person = (AuditRecord.actor_id.is_not(None), AuditRecord.at >= one.looking_since)
    return look.session.scalar(select(AuditRecord.number).where(*named, *by_a_person).limit(1)) is not None


def days_past(look: Look) -> Iterator[Breach]:
    """No check-in, pause, last day, rest or hold is left where its day has passed."""
    asked_in = ("introduced", "in contact", "ending")
    yesterday = (look.now - LAG - timedelta(days=1)).date()
    due = select(CheckIn.user_id).join(CheckIn.introduction).where(
        CheckIn.state == "due", CheckIn.kind == "planned", Introduction.state.in_(asked_in),
        CheckIn.due_on < yesterday - timedelta(days=10),
    )  # fmt: skip
    paused = Introduction.state == "paused", Introduction.paused_until < yesterday
    last = Introduction.state.in_(asked_in), Introduction.until < yesterday
    rests = Supporter.rests_why == "cool-down", Supporter.rests_until < yesterday
    held = Hold.lifted_at.is_(None), Hold.again_at < look.now - LAG
    overdue = {
        "a check-in that went by": due,
        "a pause that is over": select(Request.user_id).join(Introduction.request).where(*paused),
        "a last day that has passed": select(Request.user_id).join(Introduction.request).where(*last),
        "a rest that is over": select(Supporter.user_id).where(*rests),
        "a hold that was to be asked about": select(Hold.introduction_id).where(*held),
    }
    look.count(len(overdue))
    for what, found in overdue.items():
        yield from (Breach(what, (one,)) for one in look.session.scalars(found))


def told_to_the_desk(look: Look) -> Iterator[Breach]:
    """Every open concern, hold and unanswered word has an open task, until somebody has acted."""
    open_tasks = set(look.session.scalars(select(Task.id).where(Task.done_at.is_(None))))
    concerns = select(Concern.id, Concern.by_id).where(Concern.state != "closed")
    for one in look.session.execute(concerns):
        look.count()
        if not any(task.id in open_tasks for task in look.memory.of_thing[one.id]):
            yield Breach("an open concern without a task", (one.by_id,))
    holds = select(Hold.id, Request.user_id).join(Introduction, Introduction.id == Hold.introduction_id)
    holds = holds.join(Introduction.request).where(Hold.lifted_at.is_(None), Hold.again_at.is_(None))
    for one in look.session.execute(holds):
        look.count()
        if not any(task.id in open_tasks for task in look.memory.of_thing[one.id]):
            yield Breach("a hold without a task", (one.user_id,))
    yield from _unanswered(look, open_tasks)


def _unanswered(look: Look, open_tasks: set[UUID]) -> Iterator[Breach]:
    hers = select(ThreadWord.thread_id, func.max(ThreadWord.sent_at).label("at"))
    hers = hers.where(ThreadWord.sender_id == ThreadWord.thread_id).group_by(ThreadWord.thread_id).subquery()
    waits = select(Thread.id, hers.c.at).join(hers, hers.c.thread_id == Thread.id).join(User, User.id == Thread.id)
    waits = waits.where(User.active.is_(True), or_(Thread.answered_at.is_(None), Thread.answered_at < hers.c.at))
    done = select(Task.id, Task.done_at).where(Task.done_at.is_not(None))
    for one in look.session.execute(waits):
        look.count()
        mine = [task.id for task in look.memory.of_person[one.id] if task.kind in HERS]
        if not open_tasks.intersection(mine):
            ended = [row.done_at for row in look.session.execute(done.where(Task.id.in_(mine)))]
            if not any(at >= one.at for at in ended):
                yield Breach("words that nobody answers, and no task", (one.id,))


def not_alone(look: Look) -> Iterator[Breach]:
    """Whose supporter is gone without a word is on the desk two weeks after her first word that nobody answers.

    She may write it as late as a silence lasts; two days more are the desk's.
    """
    pairs = select(Introduction.id, Introduction.introduced_at, Introduction.state, Request.user_id.label("woman"),
                   Supporter.user_id.label("supporter"), Supporter.away_since).join(Introduction.request)  # fmt: skip
    lifted = dict(
        iter(
            look.session.execute(select(Hold.introduction_id, func.max(Hold.lifted_at)).group_by(Hold.introduction_id))
        )
    )
    for one in look.session.execute(
        pairs.join(Introduction.supporter).where(Introduction.state.in_(("introduced", "in contact")))
    ):
        gone = look.cast.people[one.supporter].vanished_at
        if gone is None:
            continue
        look.count()
        since = max(gone, one.introduced_at, lifted.get(one.id) or gone)
        before = A_MONTH if one.away_since else SILENT_FOR
        is_late = since + 2 * before + TWO_DAYS < look.now
        if is_late and not _since(look.memory.of_pair[one.id], NOTICED, gone - before):
            yield Breach(f"her supporter is gone since {gone:%Y-%m-%d}, and nobody looks", (one.woman, one.supporter))


def rests(look: Look) -> Iterator[Breach]:
    """A pause without a last day is on the desk a month after one of the two was last heard of."""
    pairs = select(Introduction.id, Introduction.paused_by, Request.user_id).join(Introduction.request)
    no_day = (Introduction.state == "paused", Introduction.paused_until.is_(None))
    for one in look.session.execute(pairs.where(*no_day)):
        look.count()
        gone = look.cast.people[one.paused_by].vanished_at
        is_late = gone is not None and gone + A_MONTH + LAG < look.now
        if gone is not None and is_late and not _since(look.memory.of_pair[one.id], NOTICED, gone - A_MONTH):
            yield Breach(f"paused by one who is gone since {gone:%Y-%m-%d}, and nobody looks", (one.user_id,))


def _since(known: list[KnownTask], kinds: tuple[str, ...], since: datetime) -> bool:
    return any(task.kind in kinds and task.opened_at >= since for task in known)


RULES = (
    Rule("tasks of nobody who is there", owned),
    Rule("offers past their two days", offers),
    Rule("first words late, unnoticed", first_words),
    Rule("silences unnoticed", silences),
    Rule("waits past the day that was named", waiting),
    Rule("days that passed unnoticed", days_past),
    Rule("concerns, holds and words without a task", told_to_the_desk),
    Rule("women alone after someone vanished", not_alone),
    Rule("pauses of one who is gone, unnoticed", rests),
)
