"""The gate: nothing outside a woman's record, whatever it says and whenever it is; staff by day, where they asked."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.services.worlds import NOW, World
from webapp.domain.access import Actor, Role
from webapp.domain.notices import Notice
from webapp.domain.safe_contact import Channel, Contact, Others, Voicemail, Wording
from webapp.models import NoticeAddress, Request, SafeContact, User
from webapp.services import accounts
from webapp.services.notices import addresses, gate
from webapp.services.notices.gate import Code, Later, Permit, Refusal
from webapp.services.safety import changing, reading, records

MESSAGE = frozenset({Notice.YOU_HAVE_A_MESSAGE})
URGENT = frozenset({Notice.CONFIRM_YOUR_ADDRESS})
ZONES = (
    "America/St_Johns", "America/Toronto", "America/Regina", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Dublin",
    "Africa/Casablanca", "Pacific/Apia", "America/Vancouver",
)  # fmt: skip
TURNS = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 10, 3, 15, tzinfo=UTC),
]
"""Hours around which clocks are changed, in some of these zones."""


def person(world, session, role):
    actor = world.person(session, role)
    user = session.get(User, actor.id)
    user.roles = [accounts.find_role(session, role)]
    return actor


@pytest.fixture
def woman(world: World):
    with world.session() as session, session.begin():
        actor, request_id = world.request(session)
        session.get(User, actor.id).roles = [accounts.find_role(session, Role.REQUESTER)]
    return actor, request_id


def chance_contact(chances: random.Random) -> Contact:
    kind = chances.randrange(4)
    hours = (
        frozenset(range(336)) if kind == 0 else frozenset(h for h in range(336) if chances.random() < 0.1 * kind)
    )  # fmt: skip
    marked = [channel for channel in Channel if chances.random() < 0.7]
    return Contact(
        {channel: f"{channel}@example.org" for channel in marked},
        hours if chances.random() < 0.9 else frozenset(),
        chances.choice(list(Voicemail)),
        chances.choice(list(Wording)),
        chances.choice([None, Others.NOBODY, Others.NOBODY, *Others]),
    )


def chance_moment(chances: random.Random) -> datetime:
    near = chances.choice(TURNS) if chances.random() < 0.5 else datetime(2026, 1, 1, tzinfo=UTC)
    spread = 180 if near in TURNS else 400 * 24 * 60
    return near + timedelta(minutes=chances.randrange(-180, spread), seconds=chances.randrange(60))


def is_allowed(
    contact: Contact, row: SafeContact, zone: str, channel: Channel, wording: Wording, now: datetime
) -> bool:
    """Say it anew, without a line of the gate: by the wall clock of her kitchen."""
    there = now.astimezone(ZoneInfo(zone))
    slot = there.weekday() * 48 + there.hour * 2 + (1 if there.minute >= 30 else 0)
    return all((
        row.closed_at is None,
        now < row.valid_until,
        channel in contact.addresses,
        slot in contact.hours,
        contact.others in (None, Others.NOBODY),
        wording is Wording.NEUTRAL or contact.wording is Wording.NAMED,
    ))  # fmt: skip


def test_of_a_thousand_records_not_one_lets_anything_out_that_she_did_not_allow(world, woman):
    actor, request_id = woman
    chances, seen = random.Random(28), Counter()
    with world.session() as session:
        row = reading.find(session, actor.id)
        for _ in range(1000):
            now, contact = chance_moment(chances), chance_contact(chances)
            zone, channel = chances.choice(ZONES), chances.choice([Channel.EMAIL, *Channel])
            wording = chances.choice([Wording.NEUTRAL, *Wording])
            session.get(Request, request_id).time_zone = zone
            row.said = contact.as_document()
            row.valid_until = now + timedelta(minutes=chances.choice([-60, -1, 1, 20, 600, 60 * 24 * 30]))
            row.closed_at = now - timedelta(days=1) if chances.random() < 0.1 else None
            session.flush()
            verdict = gate.decide(session, actor.id, channel, MESSAGE, wording, now=now)
            facts = (contact, row, zone, channel, wording)
            assert isinstance(verdict, Permit) == is_allowed(*facts, now), (verdict, facts, now)
            match verdict:
                case Permit():
                    assert verdict.address == contact.addresses[channel]
                    assert now < verdict.until <= now + gate.PERMIT_LASTS
                    assert is_allowed(*facts, verdict.until - timedelta(seconds=1))
                    seen["sent"] += 1
                case Later(at):
                    assert is_allowed(*facts, at)
                    step = timedelta(minutes=5)
                    between = range(int((at - now) / step))
                    assert not any(is_allowed(*facts, now + step * number) for number in between)
                    seen["later"] += 1
                case Refusal(code):
                    ahead = (now + timedelta(minutes=30 * number) for number in range(2 * 336))
                    assert code is Code.CLOSED or not any(is_allowed(*facts, moment) for moment in ahead)
                    seen[code] += 1
        session.rollback()
    must_be_seen = {
        Code.CLOSED, Code.EXPIRED, Code.WAY_NOT_MARKED, Code.SEEN_BY_OTHERS, Code.WORDS_NOT_ALLOWED, Code.NO_HOURS,
        "sent", "later",
    }  # fmt: skip
    assert must_be_seen <= set(seen), seen


def decide(session, who, now=NOW, kinds=MESSAGE, channel=Channel.EMAIL, wording=Wording.NEUTRAL):
    return gate.decide(session, who.id, channel, kinds, wording, now=now)


def test_without_a_record_or_a_request_or_an_account_nothing_leaves(world, woman):
    actor, request_id = woman
    with world.session() as session, session.begin():
        never = person(world, session, Role.REQUESTER)
        assert decide(session, never) == Refusal(Code.IN_SITE_ONLY)
        open_ = Contact({Channel.EMAIL: "c@example.org"}, frozenset(range(336)))
        records.write(session, never, never.id, open_, now=NOW)
        assert decide(session, never) == Refusal(Code.NO_CLOCK)
        changing.keep(session, actor, open_, now=NOW)
        assert isinstance(decide(session, actor), Permit)
        session.get(User, actor.id).active = False
        assert decide(session, actor) == Refusal(Code.ACCOUNT_CLOSED)
        assert decide(session, Actor(request_id)) == Refusal(Code.ACCOUNT_CLOSED)


def test_a_record_that_cannot_be_read_lets_nothing_out(world, woman):
    actor, _ = woman
    with world.session() as session, session.begin():
        reading.find(session, actor.id).said_sealed = b"\x01" * 90
        session.flush()
        assert decide(session, actor) == Refusal(Code.UNREADABLE)


@pytest.mark.parametrize("how", ["not safe", "hours", "way", "thirty days"])
def test_the_same_minute_that_she_changes_her_mind_nothing_leaves(world, woman, how):
    actor, _ = woman
    open_ = Contact({Channel.EMAIL: "c@example.org"}, frozenset(range(336)))
    with world.session() as session, session.begin():
        changing.keep(session, actor, open_, now=NOW)
        assert isinstance(decide(session, actor), Permit)
        now = NOW
        match how:
            case "not safe":
                records.close_outside(session, actor.id, actor=actor, now=NOW)
            case "hours":
                changing.keep(session, actor, Contact(open_.addresses), now=NOW)
            case "way":
                changing.keep(session, actor, Contact({}, open_.hours), now=NOW)
            case _:
                now = NOW + records.lasts()
        session.flush()
        assert isinstance(decide(session, actor, now), Refusal)


def test_one_who_works_here_and_has_asked_as_a_woman_is_reached_as_a_woman_only(world, woman):
    actor, _ = woman
    with world.session() as session, session.begin():
        user = session.get(User, actor.id)
        user.roles = [*user.roles, accounts.find_role(session, Role.SUPPORTER)]
        give(session, Actor(actor.id, frozenset({Role.SUPPORTER})))
        assert decide(session, actor, kinds=URGENT) == Refusal(Code.WAY_NOT_MARKED)


# Staff and supporters


def give(session, actor, zone="America/Toronto"):
    addresses.give_address(session, actor, "dee@example.org", zone, now=NOW)
    session.flush()
    row = session.query(NoticeAddress).filter_by(user_id=actor.id).one()
    assert addresses.try_code(session, actor, row.said["code"], now=NOW) is addresses.Outcome.RIGHT
    session.flush()
    return row


@pytest.mark.parametrize("role", [Role.SUPPORTER, Role.COORDINATOR])
def test_those_who_work_here_are_reached_where_they_proved_it_and_nowhere_else(world, role):
    with world.session() as session, session.begin():
        actor = person(world, session, role)
        assert decide(session, actor) == Refusal(Code.NO_ADDRESS)
        addresses.give_address(session, actor, "dee@example.org", "America/Toronto", now=NOW)
        session.flush()
        assert decide(session, actor) == Refusal(Code.NOT_CONFIRMED)
        code = decide(session, actor, kinds=frozenset({Notice.CONFIRM_YOUR_ADDRESS}))
        assert isinstance(code, Permit)
        assert decide(session, actor, kinds=MESSAGE | {Notice.CONFIRM_YOUR_ADDRESS}) == Refusal(Code.NOT_CONFIRMED)
        give(session, actor)
        assert decide(session, actor).address == "dee@example.org"
        assert decide(session, actor, channel=Channel.TEXT) == Refusal(Code.NO_ADDRESS)
        assert decide(session, actor, wording=Wording.NAMED) == Refusal(Code.WORDS_NOT_ALLOWED)
        addresses.forget_address(session, actor, now=NOW)
        assert decide(session, actor) == Refusal(Code.NO_ADDRESS)


@pytest.mark.parametrize(
    ("hour", "after"), [(7, 8), (8, None), (20, None), (21, 24 + 8), (23, 24 + 8), (0, 8)]
)  # fmt: skip
@pytest.mark.parametrize("zone", ["America/Toronto", "America/St_Johns", "America/Vancouver"])
def test_nights_are_quiet_by_her_own_clock_unless_it_is_urgent(world, zone, hour, after):
    day = datetime(2026, 11, 24, tzinfo=ZoneInfo(zone))
    with world.session() as session, session.begin():
        actor = person(world, session, Role.SUPPORTER)
        give(session, actor, zone)
        moment = (day + timedelta(hours=hour)).astimezone(UTC)
        verdict = decide(session, actor, moment)
        assert isinstance(verdict, Permit) == (after is None)
        if after is not None:
            assert verdict == Later((day + timedelta(hours=after)).astimezone(UTC))
        assert isinstance(decide(session, actor, moment, URGENT), Permit)


def test_the_night_in_which_clocks_are_changed_ends_at_eight_too(world):
    zone = ZoneInfo("America/Toronto")
    with world.session() as session, session.begin():
        actor = person(world, session, Role.SUPPORTER)
        give(session, actor)
        for day in (7, 31):
            month = 3 if day == 7 else 10
            evening = datetime(2026, month, day, 22, tzinfo=zone).astimezone(UTC)
            at = decide(session, actor, evening).at.astimezone(zone)
            assert (at.hour, at.minute, at.date().day) == (8, 0, 8 if month == 3 else 1)


# The code that proves an address


def test_a_code_is_right_once_wrong_five_times_and_for_an_hour(world):
    with world.session() as session, session.begin():
        actor = person(world, session, Role.COORDINATOR)
        addresses.give_address(session, actor, "dee@example.org", "America/Toronto", now=NOW)
        session.flush()
        row = session.query(NoticeAddress).one()
        code = row.said["code"]
        wrong = "00000000" if code != "00000000" else "11111111"
        late = NOW + addresses.CODE_HOLDS
        assert addresses.try_code(session, actor, code, now=late) is addresses.Outcome.TOO_LATE
        for _ in range(addresses.MOST_TRIES - 1):
            assert addresses.try_code(session, actor, wrong, now=NOW) is addresses.Outcome.WRONG
        assert addresses.try_code(session, actor, f" {code[:4]} {code[4:]}", now=NOW) is addresses.Outcome.RIGHT
        assert "code" not in row.said
        addresses.give_address(session, actor, "other@example.org", "America/Toronto", now=NOW)
        assert row.confirmed_at is None
        for _ in range(addresses.MOST_TRIES):
            addresses.try_code(session, actor, "", now=NOW)
        assert addresses.try_code(session, actor, row.said["code"], now=NOW) is addresses.Outcome.TOO_LATE


def test_what_is_no_address_is_refused(world):
    with world.session() as session, session.begin():
        actor = person(world, session, Role.COORDINATOR)
        for said in ("", "dee", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org"):
            with pytest.raises(addresses.BadAddress):
                addresses.give_address(session, actor, said, "America/Toronto", now=NOW)
