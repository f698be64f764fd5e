"""A ranking is worked out apart from keeping it: what changed meanwhile is noticed, and what is kept is small."""

import pytest
from sqlalchemy import func, select

from tests.services.worlds import NOW, World, said
from webapp.models import Request, StoredRanking, Supporter
from webapp.services import matching, proposals, rankings, requests
from webapp.services.acting import Missing, TooLate


def begun(world: World, supporters: int = 1):
    with world.session() as session, session.begin():
        people = [world.supporter(session)[1] for _ in range(supporters)]
        return people, *world.request(session)


def worked_out(world: World, request_id):
    with world.session() as session:
        return rankings.work_out(session, world.coordinator, request_id, now=NOW)


def kept(world: World, made):
    with world.session() as session, session.begin():
        return rankings.keep_ranking(session, world.coordinator, made, now=NOW).id


def test_what_she_changed_while_she_was_ranked_is_not_passed_over(world: World):
    _, woman, request_id = begun(world)
    made = worked_out(world, request_id)
    with world.session() as session, session.begin():
        requests.answer_questions(session, woman, request_id, said({"topics": "grief"}, "requester"), now=NOW)
    with pytest.raises(rankings.Moved):
        kept(world, made)
    assert kept(world, worked_out(world, request_id))


def test_a_request_that_was_taken_back_meanwhile_keeps_no_ranking(world: World):
    _, woman, request_id = begun(world)
    made = worked_out(world, request_id)
    with world.session() as session, session.begin():
        requests.withdraw_request(session, woman, request_id, now=NOW)
    with pytest.raises(TooLate):
        kept(world, made)


def test_who_changed_after_the_ranking_is_held_against_every_gate_again(world: World):
    (supporter,), _, request_id = begun(world)
    ranking = kept(world, worked_out(world, request_id))
    with world.session() as session, session.begin():
        session.get_one(Supporter, supporter).state = "on a break"
    with world.session() as session, pytest.raises(TooLate):
        proposals.approve_proposals(
            session, world.coordinator, ranking, [supporter], override=None, has_read_names=True, now=NOW
        )


def test_two_processes_that_learned_apart_keep_one_fit(world: World):
    _, _, request_id = begun(world)
    mine = worked_out(world, request_id)
    matching.keeper.forget()
    with world.session() as session, session.begin():
        world.supporter(session, topics="grief", months_steady="grief=40")
    theirs = worked_out(world, request_id)
    assert mine.ranked.learned.hash != theirs.ranked.learned.hash
    kept(world, theirs)
    with pytest.raises(rankings.Moved):
        kept(world, mine)
    matching.keeper.forget()
    assert worked_out(world, request_id).ranked.learned.hash == theirs.ranked.learned.hash


def test_a_stored_ranking_names_nobody_who_is_ruled_out(world: World):
    with world.session() as session, session.begin():
        for _ in range(60):
            world.supporter(session, languages="fr")
        world.supporter(session)
        _, request_id = world.request(session)
    ranking = kept(world, worked_out(world, request_id))
    with world.session() as session:
        assert session.scalar(select(func.length(StoredRanking.content_sealed))) < 4_500
        shown = rankings.read_ranking(session, world.coordinator, ranking, now=NOW)
        assert (shown.ruled_out, shown.of, shown.excluded_by["languages"]) == (60, 61, 60)
    with world.session() as session:
        gate = rankings.read_gate(session, world.coordinator, ranking, "languages", number=9, now=NOW)
        assert (gate.number, gate.last, gate.count, gate.of, len(gate.lines)) == (2, 2, 60, 61, 10)
        with pytest.raises(Missing):
            rankings.read_gate(session, world.coordinator, ranking, "no such gate", number=1, now=NOW)


def test_one_pair_is_told_as_the_whole_roster_would_tell_it(world: World):
    with world.session() as session, session.begin():
        people = [world.supporter(session, topics=topics)[1] for topics in ("alcohol", "alcohol; grief", "loneliness")]
        _, request_id = world.request(session, topics="alcohol*; grief")
    kept(world, worked_out(world, request_id))
    with world.session() as session:
        request = session.get_one(Request, request_id)
        ranked = {one.offer: one for one in matching.rank(session, request, top=10, now=NOW).ranking.candidates}
        told = {
            str(one): matching.told_of(session, request, session.get_one(Supporter, one), now=NOW) for one in people
        }
        assert {key for key, one in told.items() if one is not None} == set(ranked)
        for key, one in ranked.items():
            shared = [option for fact in one.facts for option in fact.shared]
            hers = [option for message in told[key].requester for option in message["values"].get("options", ())]
            assert set(hers) <= {*shared, *(option for fact in one.facts for option in fact.missing)}


def test_a_ranking_reads_the_names_of_those_who_are_in_it_alone(world: World):
    with world.session() as session, session.begin():
        for _ in range(40):
            world.supporter(session)
        _, request_id = world.request(session)
    ranking = kept(world, worked_out(world, request_id))
    with world.session() as session:
        shown = rankings.read_ranking(session, world.coordinator, ranking, now=NOW)
        assert len(shown.supporters) == rankings.TOP
        named = [row for row in session.identity_map.values() if isinstance(row, Supporter)]
        assert len(named) <= rankings.TOP
