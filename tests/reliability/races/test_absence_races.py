"""A break while an offer is accepted, two yeses of one cover, a return while she says yes: on both databases."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.reliability.races.racing import overbooked, race
from tests.services.worlds import NOW, World
from webapp.domain import introductions
from webapp.domain.access import Actor
from webapp.models import Cover, Introduction, Proposal, Supporter
from webapp.services import offers
from webapp.services.absences import asking, breaks, naming, telling
from webapp.services.cards import falling_away

TIMES = 3
LATER = NOW + timedelta(minutes=5)
LIVE = Introduction.state.in_(sorted(introductions.LIVE))


def follow(world: World) -> None:
    """Do what the site does after the acts, and the worker every minute."""
    steps = (
        (falling_away.list_left, falling_away.let_fall_away), (telling.list_left, telling.tell),
        (telling.list_back, telling.go_on), (asking.list_back, asking.go_back), (asking.list_over, asking.let_go),
    )  # fmt: skip
    for find, act in steps:
        with world.session() as session:
            found = find(session, now=LATER)
        for one in found:
            with world.session() as session, session.begin():
                act(session, one, now=LATER)


def check(world: World) -> None:
    """Places are live introductions, an active cover has a live conversation, and nobody waits for who is away."""
    assert overbooked(world) == 0
    with world.session() as session:
        for one in session.scalars(select(Supporter)):
            held = select(func.count()).select_from(Introduction).where(LIVE, Introduction.supporter_id == one.id)
            assert session.scalar(held) == one.taken
        talking = set(session.scalars(select(Introduction.id).where(LIVE, Introduction.covers_id.is_not(None))))
        assert talking == set(session.scalars(select(Cover.conversation_id).where(Cover.state == "active")))
        dead = select(Proposal).join(Proposal.supporter).where(Supporter.away_since.is_not(None))
        assert session.scalars(dead.where(Proposal.state.in_(("shown", "offered")))).all() == []


def pair_of(world: World, town: str, capacity: int = 1) -> tuple[Actor, Actor, UUID]:
    """Introduce two; return the woman, her supporter and the pair."""
    with world.session() as session, session.begin():
        dee, dee_id = world.supporter(session, capacity=capacity)
        woman, request_id = world.request(session, town=town)
        offer = world.offered(session, woman, request_id)
        assert session.get_one(Proposal, offer).supporter_id == dee_id
        return woman, dee, offers.accept_proposal(session, dee, offer, now=NOW).id


def asked(world: World, woman: Actor, dee: Actor, pair: UUID, eve_id: UUID) -> UUID:
    """Let her supporter go on a break, and her ask for Eve meanwhile."""
    with world.session() as session, session.begin():
        naming.name_at_desk(session, world.coordinator, pair, eve_id, has_read_names=True, now=NOW)
        breaks.begin(session, dee, None, now=NOW)
    with world.session() as session, session.begin():
        asking.show(session, pair, now=NOW)
        cover = session.scalars(select(Cover.id).where(Cover.introduction_id == pair)).one()
        assert asking.want(session, woman, pair, cover, now=NOW)
        return cover


def begin_break(dee: Actor):
    return lambda session: breaks.begin(session, dee, None, now=NOW)


def accept_cover(eve: Actor, cover: UUID):
    return lambda session: asking.accept(session, eve, cover, now=NOW)


@pytest.mark.parametrize("_", range(TIMES))
def test_a_break_while_an_offer_is_accepted(world: World, _):
    with world.session() as session, session.begin():
        dee, dee_id = world.supporter(session)
        woman, request_id = world.request(session)
        offer = world.offered(session, woman, request_id)
    race(world, [lambda session: offers.accept_proposal(session, dee, offer, now=NOW), begin_break(dee)])
    follow(world)
    check(world)
    with world.session() as session:
        row = session.get_one(Supporter, dee_id)
        assert row.state == "on a break"
        assert session.get_one(Proposal, offer).state == ("accepted" if row.taken else "fell away")


@pytest.mark.parametrize("_", range(TIMES))
def test_one_place_for_two_who_ask_her_to_cover(world: World, _):
    pairs = [pair_of(world, town) for town in ("first", "second")]
    with world.session() as session, session.begin():
        eve, eve_id = world.supporter(session)
    covers = [asked(world, *one, eve_id) for one in pairs]
    ends = race(world, [accept_cover(eve, cover) for cover in covers])
    assert ends["won"] == 1
    follow(world)
    check(world)
    with world.session() as session:
        assert sorted(one.state for one in session.query(Cover)) == ["active", "fell away"]


def test_the_same_yes_many_times_opens_one_conversation(world: World):
    woman, dee, pair = pair_of(world, "first")
    with world.session() as session, session.begin():
        eve, eve_id = world.supporter(session, capacity=3)
    cover = asked(world, woman, dee, pair, eve_id)
    assert race(world, [accept_cover(eve, cover)] * 6) == {"won": 6}
    check(world)


@pytest.mark.parametrize("_", range(TIMES))
def test_her_supporter_is_back_while_the_cover_says_yes(world: World, _):
    woman, dee, pair = pair_of(world, "first")
    with world.session() as session, session.begin():
        eve, eve_id = world.supporter(session)
    cover = asked(world, woman, dee, pair, eve_id)
    race(world, [accept_cover(eve, cover), lambda session: breaks.come_back(session, dee, now=NOW)])
    follow(world)
    check(world)
    with world.session() as session:
        assert session.get_one(Cover, cover).state in ("over", "withdrawn")
        assert session.get_one(Supporter, eve_id).taken == 0
