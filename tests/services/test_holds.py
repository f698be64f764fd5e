"""A hold is the same for both, stops what would leave, and is never forgotten. On both databases."""

from datetime import timedelta

import pytest

from tests.services.concerned import (
    DANGER,
    state_of,
    tasks_of,
)
from tests.services.worlds import NOW
from webapp.domain.access import Actor
from webapp.domain.holds import HeldFor, LiftedFor
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import AuditRecord, ContactDetail, Hold, OutboxRow
from webapp.services import checkins, conversations, introductions, requests
from webapp.services.acting import TooLate
from webapp.services.notices import stale
from webapp.services.pairs import agreements, days, silences
from webapp.services.safety import holds
from webapp.services.safety.concerns import Told


def test_a_hold_that_stands_comes_back_after_three_working_days(world, pair):
    with world.session() as session, session.begin():
        holds.hold_pair(session, pair.robin, pair.id, HeldFor.SAFETY, now=NOW)
        again = holds.let_stand(session, pair.robin, pair.id, now=NOW)
        assert again.date() == (NOW + timedelta(days=3)).date()
        assert [one.done_at is None for one in tasks_of(session, TaskKind.ON_HOLD)] == [False]
        with pytest.raises(TooLate):
            holds.let_stand(session, pair.robin, pair.id, now=NOW)
        assert holds.list_to_ask_about(session, now=NOW + timedelta(days=2)) == []
        (due,) = holds.list_to_ask_about(session, now=again)
        assert holds.ask_again(session, due, now=again)
        assert not holds.ask_again(session, due, now=again)
        assert [one.done_at is None for one in tasks_of(session, TaskKind.ON_HOLD)] == [False, True]
        holds.lift(session, pair.robin, pair.id, LiftedFor.WISHED, now=again)
        assert [one.done_at is None for one in tasks_of(session, TaskKind.ON_HOLD)] == [False, False]
        assert holds.list_to_ask_about(session, now=again + timedelta(days=9)) == []


def test_both_read_for_a_week_that_they_can_go_on(world, pair):
    with world.session() as session, session.begin():
        assert not holds.went_on_lately(session, pair.id, now=NOW)
        holds.hold_pair(session, pair.robin, pair.id, HeldFor.SAFETY, now=NOW)
        holds.lift(session, pair.robin, pair.id, LiftedFor.MISTAKEN, now=NOW)
        with pytest.raises(TooLate):
            holds.lift(session, pair.robin, pair.id, LiftedFor.MISTAKEN, now=NOW)
        assert holds.went_on_lately(session, pair.id, now=NOW + timedelta(days=6))
        assert not holds.went_on_lately(session, pair.id, now=NOW + timedelta(days=8))
        conversations.write_message(session, pair.claire, pair.id, "Hello again", now=NOW)


def test_a_hold_tells_neither_of_the_two_and_stops_what_would_leave(world, pair):
    """Every kind of notice that what the two do, and the days, leave for them."""
    with world.session() as session, session.begin():
        session.query(OutboxRow).delete()
        conversations.write_message(session, pair.claire, pair.id, "Hello", now=NOW)
        agreements.propose(session, pair.claire, pair.id, {"weeks": 8}, now=NOW)
        for checkin in days.list_ready(session, now=NOW + timedelta(days=3)):
            days.tell(session, Actor(None), checkin, now=NOW + timedelta(days=3))
        session.flush()
        two = session.query(OutboxRow).filter(OutboxRow.to_user_id.in_([pair.claire.id, pair.dee.id]))
        before = two.all()
        assert {one.kind for one in before} == {"you have a message", "a time to talk", "a check-in is ready"}
        assert {stale.why_stale(session, one, now=NOW) for one in before} == {None}
        pair.raised(session, Told(DANGER, pair.id))
        assert two.all() == before
        assert {stale.why_stale(session, one, now=NOW) for one in before} == {stale.OVERTAKEN}


def test_what_was_released_is_taken_back_and_the_record_names_nobody(world, pair):
    with world.session() as session, session.begin():
        session.add(
            ContactDetail(
                introduction_id=pair.id, user_id=pair.dee.id, released_at=NOW, said={"kind": "number", "said": "1"}
            )
        )
        pair.raised(session, Told(DANGER, pair.id))
        assert session.query(ContactDetail).count() == 0
    with world.session() as session:
        assert session.query(AuditRecord).filter_by(action="details withdrawn").one().actor_id is None


def test_no_silence_is_counted_while_contact_is_on_hold(world, pair):
    later = NOW + timedelta(days=20)
    with world.session() as session, session.begin():
        conversations.write_message(session, pair.claire, pair.id, "Hello", now=NOW)
        holds.hold_pair(session, pair.robin, pair.id, HeldFor.SAFETY, now=NOW)
        silences.break_silence(session, Actor(None), pair.id, now=later)
        holds.lift(session, pair.robin, pair.id, LiftedFor.SAFE, now=later)
        silences.break_silence(session, Actor(None), pair.id, now=later + timedelta(days=9))
        assert tasks_of(session, TaskKind.SILENCE) == []
        silences.break_silence(session, Actor(None), pair.id, now=later + timedelta(days=14))
        assert len(tasks_of(session, TaskKind.SILENCE)) == 1


def test_a_hold_made_by_the_desk_leaves_the_same_behind(world, pair):
    with world.session() as session, session.begin():
        holds.hold_pair(session, pair.robin, pair.id, HeldFor.ASKED, note="She called.", now=NOW)
        assert state_of(session, pair) == "on hold"
        with pytest.raises(TooLate):
            holds.hold_pair(session, pair.robin, pair.id, HeldFor.ASKED, now=NOW)
        shown = holds.read_pair(session, pair.robin, pair.id)
        assert (shown.woman, shown.supporter, shown.is_held) == ("Claire", "Dee", True)
        assert shown.holds[0].note == "She called."


def test_check_ins_of_a_pair_on_hold_rest_and_come_back(world, pair):
    later = (NOW + timedelta(days=4)).date()
    with world.session() as session, session.begin():
        assert checkins.find_due(session, pair.claire, pair.id, on=later) is not None
        holds.hold_pair(session, pair.robin, pair.id, HeldFor.SAFETY, now=NOW)
        for who in (pair.claire, pair.dee):
            assert checkins.list_due(session, who, on=later) == []
            assert checkins.find_due(session, who, pair.id, on=later) is None
        holds.lift(session, pair.robin, pair.id, LiftedFor.SAFE, now=NOW)
        assert checkins.find_due(session, pair.claire, pair.id, on=later) is not None


def test_the_end_of_a_pair_ends_its_hold(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(DANGER, pair.id))
        requests.withdraw_request(session, pair.claire, pair.request_id, now=NOW)
        (hold,) = session.query(Hold)
        assert (hold.lifted_at, hold.lifted["reason"]) == (NOW, "ended")
        assert tasks_of(session, TaskKind.ON_HOLD)[0].done_at == NOW


@pytest.mark.parametrize("by_woman", [True, False])
def test_what_both_see_of_a_hold_is_the_same_whoever_asked(world, pair, by_woman):
    with world.session() as session, session.begin():
        pair.raised(session, Told(DANGER, pair.id), pair.claire if by_woman else pair.dee)
        hers, theirs = (introductions.read_introduction(session, who, pair.id) for who in (pair.claire, pair.dee))
        alike = ("state", "may_write", "first_contact_by", "until")
        assert {name: hers[name] for name in alike} == {name: theirs[name] for name in alike}
        (task,) = tasks_of(session, TaskKind.ON_HOLD)
        assert task.about_id == pair.claire.id
        (hold,) = session.query(Hold)
        assert hold.said == {"reason": "concern", "by": "", "note": ""}
    with world.session() as session:
        (held,) = session.query(AuditRecord).filter_by(action="pair held")
        assert (held.actor_id, held.about_id) == (None, pair.claire.id)
