"""What must be true of the database after any race and any kill, each broken rule in words."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain import covers, introductions, meetings, proposals, requests
from webapp.models import (
    AuditRecord,
    CheckIn,
    ContactDetail,
    Cover,
    Hold,
    Introduction,
    Meeting,
    Message,
    OutboxRow,
    Proposal,
    Request,
    Supporter,
    TalkLog,
)
from webapp.services import audit

LIVE = sorted(introductions.LIVE)
IS_PAIR = Introduction.covers_id.is_(None)


def broken_in(session: Session) -> list[str]:
    """Return every rule that the database breaks now."""
    rules = (_places, _requests, _dead, _pairs, _covers, _holds, _meetings, _outbox, _audit)
    return [f"{rule.__name__.strip('_')}: {said}" for rule in rules for said in rule(session)]


def _places(session: Session) -> Iterator[str]:
    live = select(Introduction.supporter_id, func.count()).where(Introduction.state.in_(LIVE))
    held: Counter[UUID] = Counter()
    held.update({row[0]: row[1] for row in session.execute(live.group_by(Introduction.supporter_id))})
    for one, taken, capacity in session.execute(select(Supporter.id, Supporter.taken, Supporter.capacity)):
        if taken != held[one] or taken > capacity:
            yield f"a supporter with {capacity} places has {held[one]} pairs, and {taken} are written down"


def _requests(session: Session) -> Iterator[str]:
    pairs = Counter(session.scalars(select(Introduction.request_id).where(Introduction.state.in_(LIVE), IS_PAIR)))
    states = select(Proposal.request_id, Proposal.state).where(Proposal.state.in_(sorted(proposals.LIVE)))
    shown = Counter(one for one, _ in session.execute(states))
    offered = Counter(one for one, state in session.execute(states) if state == proposals.State.OFFERED)
    for one, state in session.execute(select(Request.id, Request.state)):
        expected = (int(state == requests.State.MATCHED), state == requests.State.PROPOSED)
        if (pairs[one], shown[one] > 0) != expected or offered[one] > 1:
            yield f"a request that is {state}: {pairs[one]} pairs, {shown[one]} open proposals, {offered[one]} offers"


def _dead(session: Session) -> Iterator[str]:
    open_ = Proposal.state.in_((proposals.State.SHOWN, proposals.State.OFFERED))
    full = select(Proposal.state).join(Proposal.supporter).where(open_, Supporter.taken >= Supporter.capacity)
    for state in session.scalars(full):
        yield f"a proposal that is {state}, of a supporter without a place"


def _pairs(session: Session) -> Iterator[str]:
    accepted = set(session.scalars(select(Proposal.id).where(Proposal.state == proposals.State.ACCEPTED)))
    met = list(session.scalars(select(Introduction.proposal_id).where(IS_PAIR)))
    if set(met) != accepted or len(met) != len(accepted):
        yield f"{len(accepted)} offers were accepted, {len(met)} pairs were made"
    planned = select(CheckIn.introduction_id, func.count()).group_by(CheckIn.introduction_id)
    counts = dict(iter(session.execute(planned)))
    for pair, state in session.execute(select(Introduction.id, Introduction.state).where(IS_PAIR)):
        if counts.get(pair, 0) < (2 if state == introductions.State.ENDED else 4):
            yield f"a pair that is {state} without its check-ins"


def _covers(session: Session) -> Iterator[str]:
    """An active cover has a live conversation, and no conversation of a cover lives without one."""
    live = select(Introduction.id).where(Introduction.state.in_(LIVE), ~IS_PAIR)
    active = select(Cover.conversation_id).where(Cover.state == covers.State.ACTIVE)
    if set(session.scalars(live)) != set(session.scalars(active)):
        yield "covers without a conversation, or conversations without a cover"


def _meetings(session: Session) -> Iterator[str]:
    """A pair that has ended keeps no way to reach anybody, and nothing that lies ahead."""
    ended = select(Introduction.id).where(Introduction.state == introductions.State.ENDED)
    count = lambda kind, *which: session.scalar(select(func.count()).select_from(kind).where(*which))  # noqa: E731
    if count(ContactDetail, ContactDetail.introduction_id.in_(ended)):
        yield "a pair that has ended can still be reached"
    if count(Meeting, Meeting.introduction_id.in_(ended), Meeting.state.in_(sorted(meetings.OPEN))):
        yield "a pair that has ended is still to talk"
    said = select(TalkLog.introduction_id, TalkLog.user_id, TalkLog.on_day, TalkLog.meeting_id)
    if any(times > 1 for times in Counter(map(tuple, session.execute(said))).values()):
        yield "somebody said twice of one talk"


def _holds(session: Session) -> Iterator[str]:
    held = sorted(session.scalars(select(Introduction.id).where(Introduction.state == introductions.State.ON_HOLD)))
    holds = session.scalars(select(Hold.introduction_id).where(Hold.lifted_at.is_(None)))
    if sorted(holds) != held:
        yield "pairs on hold that nobody holds, or holds of pairs that are not"


def _outbox(session: Session) -> Iterator[str]:
    written = Counter(session.scalars(select(OutboxRow.kind)))
    count = lambda kind: session.scalar(select(func.count()).select_from(kind))  # noqa: E731
    asked = session.scalar(select(func.count(Proposal.id)).where(Proposal.offered_at.is_not(None)))
    if written["you have a message"] != count(Message):
        yield "messages without a notice, or notices without a message"
    if written["you are introduced"] != 2 * count(Introduction):
        yield "pairs without their two notices"
    if not written["someone hopes for you"] == written["offer still open"] == asked:
        yield "offers without a notice"
    reminded = OutboxRow.kind == "offer still open", OutboxRow.state == "ready"
    open_ = session.scalars(select(Proposal.id).where(Proposal.state == proposals.State.OFFERED))
    if set(session.scalars(select(OutboxRow.dedupe).where(*reminded))) != {f"offer still open:{one}" for one in open_}:
        yield "reminders that do not fit the open offers"


def _audit(session: Session) -> Iterator[str]:
    if (broken := audit.find_break(session)) is not None:
        yield f"the chain is broken at record {broken}"
    noted = Counter(session.scalars(select(AuditRecord.action)))
    count = lambda kind: session.scalar(select(func.count()).select_from(kind))  # noqa: E731
    if noted["message written"] != count(Message):
        yield "messages without a record, or records without a message"
    if noted["introduction opened"] != count(Introduction) or noted["proposal shown"] != count(Proposal):
        yield "pairs or proposals without a record"
    if noted["request started"] != count(Request):
        yield "requests without a record"
    gone = session.scalar(select(func.count(Request.id)).where(Request.state == requests.State.WITHDRAWN))
    if noted["request withdrawn"] != gone:
        yield f"{gone} requests were taken back, {noted['request withdrawn']} records say so"
