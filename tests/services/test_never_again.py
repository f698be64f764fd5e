"""Whom she refused, met, or was refused by does not return: not in a later request, not through an older ranking."""

from datetime import timedelta

import pytest

from tests.services.worlds import HERS, NOW, World, said
from webapp.models import Proposal, Request, Supporter
from webapp.services import choices, matching, offers, proposals, rankings, requests, supporters
from webapp.services.acting import TooLate


def again(session, woman, request_id):
    """She takes her request back, and sends another."""
    requests.withdraw_request(session, woman, request_id, now=NOW)
    session.flush()
    row = requests.start_request(session, woman, time_zone="America/Toronto", now=NOW)
    session.flush()
    requests.answer_questions(session, woman, row.id, said(HERS, "requester"), now=NOW)
    requests.send_request(session, woman, row.id, now=NOW)
    session.flush()
    return row.id


def said_no(session, woman, request_id, offer, supporter):
    offers.decline_proposal(session, supporter, offer, now=NOW)


def met(session, woman, request_id, offer, supporter):
    offers.accept_proposal(session, supporter, offer, now=NOW)


def wanted_none(session, woman, request_id, offer, supporter):
    choices.unask(session, woman, request_id, now=NOW)
    choices.choose(session, woman, request_id, ordered=[], instead=choices.NOBODY, now=NOW)


def knew_her(session, woman, request_id, offer, supporter):
    choices.unask(session, woman, request_id, now=NOW)
    (card,) = session.query(Proposal).filter_by(request_id=request_id, state="shown")
    choices.pass_by(session, woman, request_id, card.id, now=NOW)


def candidates(session, request_id) -> set[str]:
    request = session.get_one(Request, request_id)
    return {one.offer for one in matching.rank(session, request, top=9, now=NOW).ranking.candidates}


def past_of(session, request_id) -> set[str]:
    return set(matching.need_of(session, session.get_one(Request, request_id), now=NOW).past)


@pytest.mark.parametrize("ending", [said_no, met, wanted_none, knew_her])
def test_whoever_it_was_stays_out_of_her_next_request_and_of_nobody_elses(world: World, ending):
    with world.session() as session, session.begin():
        supporter, dee = world.supporter(session, capacity=5)
        woman, request_id = world.request(session)
        _other, theirs = world.request(session)
        ending(session, woman, request_id, world.offered(session, woman, request_id), supporter)
        session.flush()
        _, noor = world.supporter(session, capacity=5)
        second = again(session, woman, request_id)
        assert second != request_id
        assert candidates(session, second) == {str(noor)}
        assert past_of(session, second) == {str(dee)}
        assert past_of(session, theirs) == set()


def test_who_was_only_shown_or_could_not_comes_back(world: World):
    with world.session() as session, session.begin():
        _, dee = world.supporter(session, capacity=5)
        woman, request_id = world.request(session)
        offer = world.offered(session, woman, request_id)
        offers.expire_offer(session, offer, now=NOW + timedelta(days=3))
        assert candidates(session, request_id) == {str(dee)}


def test_a_ranking_made_before_lets_nobody_through_whom_she_passed_by_since(world: World):
    with world.session() as session, session.begin():
        _, dee = world.supporter(session, capacity=5)
        woman, request_id = world.request(session)
        earlier = rankings.rank_request(session, world.coordinator, request_id, now=NOW)
        session.flush()
        world.shown(session, request_id)
        choices.choose(session, woman, request_id, ordered=[], instead=choices.NOBODY, now=NOW)
        with pytest.raises(TooLate):
            proposals.approve_proposals(
                session, world.coordinator, earlier.id, [dee], override="she_asked", has_read_names=True, now=NOW
            )
        assert session.query(Proposal).filter_by(state="shown").count() == 0


@pytest.mark.parametrize(
    ("facts", "can"),
    [
        ({}, True),
        ({"state": "on a break"}, False),
        ({"state": "left"}, False),
        ({"taken": 1}, False),
        ({"trained_until": None}, False),
        ({"cleared_until": NOW.date() - timedelta(days=1)}, False),
        ({"supervised_until": NOW.date()}, True),
    ],
)
def test_who_can_take_anyone_on_is_the_same_in_words_in_a_statement_and_in_the_engine(world: World, facts, can):
    with world.session() as session, session.begin():
        _, dee = world.supporter(session)
        _, request_id = world.request(session)
        row, request = session.get_one(Supporter, dee), session.get_one(Request, request_id)
        for name, value in facts.items():
            setattr(row, name, value)
        session.flush()
        on = NOW.date()
        asked = session.query(Supporter).filter(supporters.cannot_take_on(on)).count()
        assert (supporters.can_take_on(row, on), asked == 0) == (can, can)
        assert (matching.told_of(session, request, row, now=NOW) is not None) == can
