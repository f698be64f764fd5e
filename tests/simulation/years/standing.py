"""Rules of what stands in the rows: places, states, refusals for good, the outbox, what is deleted, what rests."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from tests.simulation.years.asked import LAG, Breach, Look, Rule
from webapp.models import (
    Agreement,
    AuditRecord,
    ContactDetail,
    Cover,
    Hold,
    Introduction,
    Meeting,
    Message,
    OutboxRow,
    PairView,
    Proposal,
    Request,
    Supporter,
    TalkLog,
)

LIVE = ("introduced", "in contact", "paused", "on hold", "ending")
READABLE_FOR = timedelta(days=90)


def places(look: Look) -> Iterator[Breach]:
    """Nobody has more pairs than places, and as many places are taken as there are pairs."""
    live = select(Introduction.supporter_id, func.count()).where(Introduction.state.in_(LIVE))
    pairs = {row[0]: row[1] for row in look.session.execute(live.group_by(Introduction.supporter_id))}
    on_hold = Counter(look.session.scalars(select(Introduction.supporter_id).where(Introduction.state == "on hold")))
    columns = (Supporter.id, Supporter.user_id, Supporter.taken, Supporter.capacity, Supporter.held)
    rows = look.session.execute(select(*columns)).all()
    look.count(len(rows))
    for one in rows:
        if one.taken != pairs.get(one.id, 0) or one.taken > one.capacity:
            yield Breach(f"{pairs.get(one.id, 0)} pairs, {one.taken} taken, of {one.capacity}", (one.user_id,))
        if one.held != on_hold[one.id]:
            yield Breach(f"{on_hold[one.id]} pairs on hold, {one.held} said", (one.user_id,))


def one_truth(look: Look) -> Iterator[Breach]:
    """A request that is matched has one live pair, one that is proposed has cards, every other has neither."""
    live = select(Introduction.request_id).where(Introduction.state.in_(LIVE))
    pairs = Counter(look.session.scalars(live.where(Introduction.covers_id.is_(None))))
    covering = Counter(look.session.scalars(live.where(Introduction.covers_id.is_not(None))))
    active = Counter(look.session.scalars(select(Cover.conversation_id).where(Cover.state == "active")))
    if covering.total() != active.total() or max(covering.values(), default=0) > 1:
        yield Breach(f"{covering.total()} conversations of covers, {active.total()} active covers")
    shown = Counter(look.session.scalars(select(Proposal.request_id).where(Proposal.state.in_(("shown", "offered")))))
    for one in look.session.execute(select(Request.id, Request.user_id, Request.state)):
        look.count()
        if (pairs[one.id], shown[one.id] > 0) != (int(one.state == "matched"), one.state == "proposed"):
            yield Breach(f"a request that is {one.state}: {pairs[one.id]} pairs, {shown[one.id]} cards", (one.user_id,))


def dead_offers(look: Look) -> Iterator[Breach]:
    """Every card and offer that is open could be had: a place, active, not at rest, papers in date, nothing on hold."""
    papers = [
        getattr(Supporter, name) for name in ("trained_until", "cleared_until", "agreed_until", "supervised_until")
    ]
    today: date = look.now.date()
    open_ = select(Proposal.state, Request.user_id, Supporter).join(Proposal.request).join(Proposal.supporter)
    look.count(
        look.session.scalar(select(func.count(Proposal.id)).where(Proposal.state.in_(("shown", "offered")))) or 0
    )
    cannot = or_(
        Supporter.taken >= Supporter.capacity, Supporter.state != "active", Supporter.rests_why.is_not(None),
        Supporter.held > 0,
        Request.state != "proposed", *(or_(paper.is_(None), paper < today) for paper in papers),
    )  # fmt: skip
    for state, woman, one in look.session.execute(open_.where(Proposal.state.in_(("shown", "offered")), cannot)):
        yield Breach(
            f"{state} of one who is {one.state}, {one.rests_why}, {one.taken}/{one.capacity}", (woman, one.user_id)
        )


def never_again(look: Look) -> Iterator[Breach]:
    """Whom she passed by, who said no to her, and whom she met is never shown to her again."""
    shown = select(AuditRecord.number, AuditRecord.at, AuditRecord.thing_id).where(
        AuditRecord.action == "proposal shown", AuditRecord.number > look.memory.read_up_to
    )
    fresh = {row.thing_id: row for row in look.session.execute(shown)}
    pairs = select(Proposal.id, Request.user_id, Proposal.supporter_id, Proposal.state, Proposal.ended_at)
    for one in look.session.execute(pairs.join(Proposal.request).where(Proposal.id.in_(fresh))):
        look.count()
        before = look.memory.never.get((one.user_id, one.supporter_id))
        if before is not None and before < fresh[one.id].at:
            yield Breach(f"shown {fresh[one.id].at:%Y-%m-%d}, over for good since {before:%Y-%m-%d}", (one.user_id,))
    look.memory.read_up_to = max((row.number for row in fresh.values()), default=look.memory.read_up_to)
    over = pairs.join(Proposal.request).where(Proposal.state.in_(("passed by", "declined", "accepted")))
    for one in look.session.execute(over.where(Proposal.ended_at >= look.since)):
        look.memory.never.setdefault((one.user_id, one.supporter_id), one.ended_at)


def outbox(look: Look) -> Iterator[Breach]:
    """Every pair, offer and message has its notices; only open offers have a reminder; nothing is left lying."""

    def known(keys: list[str]) -> set[str]:
        return set(look.session.scalars(select(OutboxRow.dedupe).where(OutboxRow.dedupe.in_(keys))))

    wanted: list[str] = []
    said = select(Message.id).where(Message.sent_at >= look.since, Message.is_goodbye.is_(False))
    wanted += [f"you have a message:{one}" for one in look.session.scalars(said)]
    met = (
        select(Introduction.id, Request.user_id, Supporter.user_id)
        .join(Introduction.request)
        .join(Introduction.supporter)
    )
    for row in look.session.execute(met.where(Introduction.introduced_at >= look.since)):
        wanted += [f"you are introduced:{row[0]}:{one}" for one in row[1:]]
    for one in look.session.scalars(select(Proposal.id).where(Proposal.offered_at >= look.since)):
        wanted += [f"someone hopes for you:{one}", f"offer still open:{one}"]
    look.count(len(wanted))
    yield from (Breach(f"no notice {key}") for key in sorted(set(wanted) - known(wanted)))
    open_ = {
        f"offer still open:{one}"
        for one in look.session.scalars(select(Proposal.id).where(Proposal.state == "offered"))
    }
    ready = OutboxRow.kind == "offer still open", OutboxRow.state == "ready"
    yield from (Breach(f"{key} of an offer that is over")
                for key in set(look.session.scalars(select(OutboxRow.dedupe).where(*ready))) - open_)  # fmt: skip
    old = OutboxRow.state == "ready", OutboxRow.due_at < look.now - timedelta(days=15)
    yield from (Breach(f"left lying: {key}") for key in look.session.scalars(select(OutboxRow.dedupe).where(*old)))


def forgotten(look: Look) -> Iterator[Breach]:
    """Ninety days after an ending nothing is left of what two wrote and arranged; of ways to reach, not a minute."""
    old = select(Introduction.id).where(Introduction.ended_at <= look.now - READABLE_FOR - LAG)
    look.count(look.session.scalar(select(func.count()).select_from(old.subquery())) or 0)
    for kind in (Message, TalkLog, Meeting, Agreement, PairView):
        for pair in look.session.scalars(select(kind.introduction_id).where(kind.introduction_id.in_(old)).distinct()):
            yield Breach(f"{kind.__tablename__} of a pair that ended over 90 days ago: {pair}")
    over = select(Introduction.id).where(Introduction.state.in_(("ended", "on hold")))
    for pair in look.session.scalars(
        select(ContactDetail.introduction_id).where(ContactDetail.introduction_id.in_(over))
    ):
        yield Breach(f"a way to be reached in a pair that is over or on hold: {pair}")


def holds(look: Look) -> Iterator[Breach]:
    """Who rests on hold has one open hold; nobody wrote, and no notice of the two left, while it lasted."""
    held = set(look.session.scalars(select(Introduction.id).where(Introduction.state == "on hold")))
    open_ = list(look.session.scalars(select(Hold.introduction_id).where(Hold.lifted_at.is_(None))))
    look.count(len(held))
    if sorted(open_) != sorted(held):
        yield Breach(f"{len(held)} pairs on hold, {len(open_)} open holds")
    during = select(Message.introduction_id, Message.sender_id).join(
        Hold, Hold.introduction_id == Message.introduction_id
    )
    during = during.where(
        Message.sent_at > Hold.held_at, or_(Hold.lifted_at.is_(None), Message.sent_at < Hold.lifted_at)
    )
    for row in look.session.execute(during.where(Message.sent_at >= look.since)):
        yield Breach(f"a message while contact was on hold: {row[0]}", (row[1],))
    yield from _sent_while_held(look, held)


def _sent_while_held(look: Look, held: set[UUID]) -> Iterator[Breach]:
    since = dict(iter(look.session.execute(select(Hold.introduction_id, Hold.held_at).where(Hold.lifted_at.is_(None)))))
    sent = select(OutboxRow).where(OutboxRow.state == "sent", OutboxRow.settled_at >= look.since)
    for row in look.session.scalars(sent.where(OutboxRow.to_user_id.is_not(None))):
        pair = row.payload.get("pair") or row.payload.get("introduction")
        if pair and UUID(pair) in held and row.settled_at and row.settled_at > since[UUID(pair)]:
            yield Breach(f"{row.kind} left while contact was on hold", (row.to_user_id,))


RULES = (
    Rule("places other than pairs", places),
    Rule("requests with more than one truth", one_truth),
    Rule("dead cards and offers", dead_offers),
    Rule("never-again pairs proposed", never_again),
    Rule("outbox out of step", outbox),
    Rule("kept beyond its time", forgotten),
    Rule("holds that do not hold", holds),
)
COUNTED = {"proposal shown": Proposal, "introduction opened": Introduction, "request started": Request}
"""Of these every row was recorded once, as it was made."""
