"""The whole way on the services: from her first answer to the first check-in, each step with its record."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.services.worlds import NOW, World, states
from webapp.domain.access import Role
from webapp.domain.lifecycles import WrongStep
from webapp.domain.tasks import Kind
from webapp.models import AuditRecord, CheckIn, Introduction, OutboxRow, Task
from webapp.services import (
    audit,
    checkins,
    choices,
    conversations,
    introductions,
    offers,
    proposals,
    rankings,
    requests,
)
from webapp.services.acting import Missing, TooLate
from webapp.services.desk import queues


def on_its_way(world, session, supporters=1):
    people = [world.supporter(session) for _ in range(supporters)]
    woman, request_id = world.request(session)
    return people, woman, request_id


def test_from_the_first_answer_to_the_first_check_in(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        introduction = offers.accept_proposal(session, supporter, offer, now=NOW)
        for person, words, minute in ((woman, "Hello", 1), (supporter, "I am glad you wrote", 2)):
            at = NOW + timedelta(minutes=minute)
            conversations.write_message(session, person, introduction.id, words, now=at)
        assert [m.body for m in conversations.read_talk(session, woman, introduction.id).messages] == [
            "Hello",
            "I am glad you wrote",
        ]
        later = NOW + timedelta(days=3)
        (due,) = checkins.list_due(session, woman, on=later.date())
        checkins.answer_checkin(session, woman, due.id, {"safe": "no"}, now=later)
        assert [task.said["kind"] for task in session.query(Task)] == [Kind.CHECK_IN]
        assert states(session, request_id) == ("matched", ["accepted"], [1])
        assert session.query(OutboxRow).filter_by(kind="you are introduced").count() == 2
    with world.session() as session:
        assert audit.find_break(session) is None
        assert {row.action for row in session.query(AuditRecord)} >= {"proposal accepted", "check-in answered"}


def test_a_silent_decline_offers_to_the_next_whom_she_ranked(world: World):
    with world.session() as session, session.begin():
        people, woman, request_id = on_its_way(world, session, 2)
        offer = world.offered(session, woman, request_id)
        asked = proposals.load(session, proposals.Proposal, offer).supporter.user_id
        (first,) = [actor for actor, _ in people if actor.id == asked]
        (second,) = [actor for actor, _ in people if actor.id != asked]
        offers.decline_proposal(session, first, offer, now=NOW)
        assert [one.supporter.user_id for one in offers.list_offers(session, second, now=NOW)] == [second.id]
        assert offers.list_offers(session, first, now=NOW) == []


def end_offers(session, now):
    return [offers.expire_offer(session, one, now=now) for one in offers.list_over(session, now=now)]


def test_an_expired_offer_goes_on_and_then_back_to_the_desk(world: World):
    with world.session() as session, session.begin():
        _, woman, request_id = on_its_way(world, session, 2)
        world.offered(session, woman, request_id)
        assert end_offers(session, NOW + timedelta(hours=47)) == []
        assert end_offers(session, NOW + timedelta(hours=48)) == [True]
        assert states(session, request_id)[1] == ["expired", "offered"]
        assert end_offers(session, NOW + timedelta(hours=97)) == [True]
        assert states(session, request_id)[:2] == ("waiting", ["expired", "expired"])


@pytest.mark.parametrize("instead", [choices.NOBODY, choices.CHOOSE_FOR_ME])
def test_nobody_and_choose_for_me(world: World, instead):
    with world.session() as session, session.begin():
        _, woman, request_id = on_its_way(world, session, 2)
        world.shown(session, request_id)
        choices.choose(session, woman, request_id, ordered=[], instead=instead, now=NOW)
        expected = {
            choices.NOBODY: ("waiting", ["passed by", "passed by"]),
            choices.CHOOSE_FOR_ME: ("proposed", ["offered", "shown"]),
        }
        assert states(session, request_id)[:2] == expected[instead]


def test_an_offer_that_is_over_cannot_be_accepted(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        with pytest.raises(TooLate):
            offers.accept_proposal(session, supporter, offer, now=NOW + timedelta(hours=49))


def test_what_is_not_yours_is_missing(world: World):
    with world.session() as session, session.begin():
        ((supporter, _), (stranger, _)), woman, request_id = on_its_way(world, session, 2)
        other, _ = world.request(session)
        offer = world.offered(session, woman, request_id)
        asked = proposals.load(session, proposals.Proposal, offer).supporter.user_id
        outsider = stranger if asked == supporter.id else supporter
        for act in (
            lambda: offers.accept_proposal(session, outsider, offer, now=NOW),
            lambda: offers.read_offer(session, woman, offer, now=NOW),
            lambda: requests.read_answers(session, other, request_id),
            lambda: choices.choose(session, other, request_id, ordered=[], instead="nobody", now=NOW),
            lambda: queues.count_queues(session, woman, now=NOW),
        ):
            with pytest.raises(Missing):
                act()


def test_leaving_ends_what_was_on_its_way(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        requests.withdraw_request(session, woman, request_id, now=NOW)
        assert states(session, request_id) == ("withdrawn", ["withdrawn"], [0])
        with pytest.raises(WrongStep):
            offers.accept_proposal(session, supporter, offer, now=NOW)


def test_leaving_a_pair_ends_it_and_frees_the_place(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        introduction = offers.accept_proposal(session, supporter, offer, now=NOW)
        requests.withdraw_request(session, woman, request_id, now=NOW)
        assert states(session, request_id) == ("withdrawn", ["accepted"], [0])
        assert introduction.state == "ended"
        with pytest.raises(WrongStep):
            conversations.write_message(session, supporter, introduction.id, "Hello", now=NOW)
        assert session.query(OutboxRow).filter_by(kind="a pair has ended").count() == 1


def test_who_declined_is_not_suggested_to_her_again(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        offers.decline_proposal(session, supporter, offer, now=NOW)
        assert states(session, request_id)[0] == "waiting"
        ranking = rankings.rank_request(session, world.coordinator, request_id, now=NOW)
        assert ranking.content["candidates"] == []
        assert ranking.content["excluded_by"] == {"past": 1}


def test_out_of_the_ranking_s_order_needs_a_reason(world: World):
    with world.session() as session, session.begin():
        _, _, request_id = on_its_way(world, session, 2)
        stored = rankings.rank_request(session, world.coordinator, request_id, now=NOW)
        session.flush()
        last = [proposals.UUID(stored.content["candidates"][-1]["offer"])]
        with pytest.raises(proposals.NeedsReason):
            proposals.approve_proposals(
                session, world.coordinator, stored.id, last, override=None, has_read_names=True, now=NOW
            )
        (made,) = proposals.approve_proposals(
            session, world.coordinator, stored.id, last, override="she_asked", has_read_names=True, now=NOW
        )
        assert made.override == "she_asked"


def test_a_day_that_has_not_come_has_no_check_in(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        introduction = offers.accept_proposal(session, supporter, offer, now=NOW)
        assert checkins.list_due(session, woman, on=NOW.date()) == []
        first = session.query(CheckIn).filter_by(introduction_id=introduction.id, user_id=woman.id).first()
        with pytest.raises(Missing):
            checkins.answer_checkin(session, woman, first.id, {}, now=NOW)


def test_a_yes_given_twice_is_given_once(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        once, again = (offers.accept_proposal(session, supporter, offer, now=NOW) for _ in range(2))
        assert once.id == again.id
        assert states(session, request_id)[2] == [1]
        with pytest.raises(WrongStep):
            requests.send_request(session, woman, request_id, now=NOW)
        assert session.query(Introduction).count() == 1


def test_both_see_the_pair_and_nobody_else(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        introduction = offers.accept_proposal(session, supporter, offer, now=NOW)
        assert introductions.read_introduction(session, woman, introduction.id)["other_name"] == "Dee"
        assert introductions.read_introduction(session, supporter, introduction.id)["other_name"] == "Claire"
        with pytest.raises(Missing):
            introductions.read_introduction(session, world.coordinator, introduction.id)


def test_a_second_tap_is_no_second_message(world: World):
    with world.session() as session, session.begin():
        ((supporter, _),), woman, request_id = on_its_way(world, session)
        offer = world.offered(session, woman, request_id)
        pair = offers.accept_proposal(session, supporter, offer, now=NOW).id
        form, other, third = uuid4(), uuid4(), uuid4()
        said = [(woman, form, 0), (woman, form, 2), (supporter, form, 3), (woman, other, 4), (woman, third, 90)]
        for who, once, second in [*said, (woman, form, 700)]:
            at = NOW + timedelta(seconds=second)
            conversations.write_message(session, who, pair, "Yes", once=once, now=at)
        assert len(conversations.read_talk(session, woman, pair).messages) == 4
        assert session.query(OutboxRow).filter_by(kind="you have a message").count() == 4


def test_nobody_ranks_a_draft(world: World):
    with world.session() as session, session.begin():
        woman = world.person(session, Role.REQUESTER)
        draft = requests.start_request(session, woman, time_zone="America/Toronto", now=NOW)
        session.flush()
        with pytest.raises(Missing):
            rankings.rank_request(session, world.coordinator, draft.id, now=NOW)
