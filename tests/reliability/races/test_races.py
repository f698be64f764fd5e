"""The last free place, the same form many times at once, opposite acts: what is guarded holds, the naive does not."""

from tests.reliability.races.racing import accept, accept_naively, last_place, overbooked, race
from tests.services.worlds import NOW, World, states
from webapp.domain import checkins
from webapp.models import CheckIn, Introduction, Supporter
from webapp.services import audit, proposals, requests

THREADS = 8


def test_the_last_place_is_given_once(world: World):
    supporter, offers = last_place(world, THREADS)
    ends = race(world, [accept(supporter, offer) for offer in offers])
    assert ends["won"] == 1
    assert sum(ends.values()) == THREADS
    assert overbooked(world) == 0
    with world.session() as session:
        assert [one.taken for one in session.query(Supporter)] == [1]
        assert audit.find_break(session) is None


def test_the_naive_version_gives_it_more_than_once(world: World):
    _, offers = last_place(world, THREADS)
    race(world, [accept_naively(world, offer) for offer in offers])
    assert overbooked(world) > 0


def test_the_same_yes_sent_many_times_has_one_effect(world: World):
    supporter, (offer,) = last_place(world, 1)
    assert race(world, [accept(supporter, offer)] * THREADS) == {"won": THREADS}
    with world.session() as session:
        assert session.query(Introduction).count() == 1
        assert session.query(CheckIn).count() == len(checkins.FIRST_DAYS + checkins.SUPPORTERS_DAYS)


def test_a_yes_and_a_leaving_at_once_end_in_one_of_the_two(world: World):
    for _ in range(5):
        with world.session() as session, session.begin():
            supporter, _ = world.supporter(session)
            woman, request_id = world.request(session, town=f"town {_}")
            offer = world.offered(session, woman, request_id)
            asked = proposals.load(session, proposals.Proposal, offer).supporter.user_id
        actor = supporter if supporter.id == asked else proposals.Actor(asked, supporter.roles)
        leave = lambda session: requests.withdraw_request(session, woman, request_id, now=NOW)  # noqa: B023, E731
        race(world, [accept(actor, offer), leave])
        with world.session() as session:
            state, made, _ = states(session, request_id)
            assert state == "withdrawn"
            assert sorted(made) in (["withdrawn"] * len(made), ["accepted", *["withdrawn"] * (len(made) - 1)])
    assert overbooked(world) == 0
