"""What each kind of concern does at once, on both databases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.services.concerned import (
    DANGER,
    OTHER,
    REACH,
    STAFF,
    WORRY,
    soon_said,
    staff,
    state_of,
    tasks_of,
    with_role,
)
from tests.services.worlds import NOW
from webapp.domain.access import Actor, Role
from webapp.domain.concerns import SOON, Kind, soon_of
from webapp.domain.holds import LiftedFor
from webapp.domain.lifecycles import WrongStep
from webapp.domain.tasks import Desk, Soon
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import ClosedFile, Concern, Hold, NoticeAddress, SafeContact
from webapp.services import conversations, requests, tasks
from webapp.services.acting import Missing
from webapp.services.safety import concerns_at_the_desk, handling, holds, own_concerns
from webapp.services.safety.concerns import Told, TooLong, WhomNeeded
from webapp.services.tasks import passing
from webapp.services.tasks.order import place_of


def test_danger_lets_the_pair_rest_at_once_for_both_alike(world, pair):
    with world.session() as session, session.begin():
        conversations.write_message(session, pair.dee, pair.id, "I know where you live", now=NOW)
        pair.raised(session, Told(DANGER, pair.id, words="She frightens me."))
        assert state_of(session, pair) == "on hold"
        for who in (pair.claire, pair.dee):
            with pytest.raises(WrongStep):
                conversations.write_message(session, who, pair.id, "Hello", now=NOW)
        assert soon_said(session, TaskKind.CONCERN) == NOW + timedelta(minutes=15)
        assert len(tasks_of(session, TaskKind.ON_HOLD)) == 1


def test_a_worry_takes_nothing_from_anybody(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(WORRY, pair.id, words="She drinks again."), pair.dee)
        assert state_of(session, pair) == "introduced"
        assert soon_said(session, TaskKind.CONCERN) == NOW + timedelta(minutes=15)
        assert session.query(Hold).count() == 0


def test_an_unsafe_way_ends_nothing_in_the_site_and_is_looked_at_today(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(REACH))
        assert state_of(session, pair) == "introduced"
        conversations.write_message(session, pair.claire, pair.id, "Hello", now=NOW)
        assert soon_said(session, TaskKind.CONCERN).astimezone().date() == NOW.date()
        session.flush()
        assert session.query(SafeContact).filter_by(user_id=pair.claire.id).one().closed_at == NOW


def test_an_unsafe_way_of_a_supporter_takes_the_address_of_her_notices_away(world, pair):
    with world.session() as session, session.begin():
        address = NoticeAddress(user_id=pair.dee.id, said_at=NOW, confirmed_at=NOW)
        address.said = {"address": "dee@example.org", "zone": "America/Toronto"}
        session.add(address)
        pair.raised(session, Told(REACH), pair.dee)
        assert session.query(NoticeAddress).count() == 0


def test_something_else_is_for_the_next_working_day_and_her_word_hastens_it(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(OTHER, words="The times never suit."))
        assert soon_said(session, TaskKind.CONCERN).date() == (NOW + timedelta(days=1)).date()
        assert state_of(session, pair) == "introduced"
    assert {soon_of(kind, is_urgent=True) for kind in Kind} == {Soon.AT_ONCE}
    assert [soon_of(kind, is_urgent=False) for kind in Kind] == [SOON[kind] for kind in Kind]


def test_in_the_night_it_is_promised_for_the_morning(world, pair):
    night = NOW.replace(hour=3)
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(DANGER, pair.id), now=night)
        assert state_of(session, pair) == "on hold"
        own = own_concerns.read_own(session, pair.claire, concern.id)
        assert own.look_by == soon_said(session, TaskKind.CONCERN) == NOW.replace(hour=14, minute=15)


def test_a_concern_about_a_coordinator_closes_the_file_to_her_and_goes_to_the_approver(world, pair):
    with world.session() as session, session.begin():
        sam, pat = staff(world, session), staff(world, session, Role.APPROVER)
        mine = tasks.open_task(
            session, pair.claire, TaskKind.CONTACT_SOON, about=pair.claire.id, thing=uuid4(), soon=Soon.TODAY, now=NOW
        )
        assert mine.owner_id == pair.robin.id
        concern = pair.raised(session, Told(STAFF, staff_id=pair.robin.id, words="She is my cousin."))
        (closed,) = session.query(ClosedFile)
        assert (closed.staff_id, closed.about_id) == (pair.robin.id, pair.claire.id)
        session.expire_all()
        assert mine.owner_id == sam.id
        (task,) = tasks_of(session, TaskKind.CONCERN)
        assert (task.desk, task.owner_id) == (Desk.APPROVER, pat.id)
        for other in (pair.robin, sam):
            with pytest.raises(Missing):
                concerns_at_the_desk.read_concern(session, other, concern.id)
        assert concerns_at_the_desk.read_concern(session, pat, concern.id).told.words == "She is my cousin."


def test_whose_name_she_does_not_know_sees_nothing_either_and_the_approver_closes_the_file(world, pair):
    with world.session() as session, session.begin():
        pat = staff(world, session, Role.APPROVER)
        concern = pair.raised(session, Told(STAFF))
        assert session.query(ClosedFile).count() == 0
        with pytest.raises(Missing):
            concerns_at_the_desk.read_concern(session, pair.robin, concern.id)
        handling.close_file(session, pat, concern.id, pair.robin.id, now=NOW)
        assert session.scalars(select(ClosedFile.staff_id)).all() == [pair.robin.id]


def test_where_the_only_coordinator_is_closed_her_tasks_go_to_the_approver(world, pair):
    with world.session() as session, session.begin():
        pat = staff(world, session, Role.APPROVER)
        pair.raised(session, Told(STAFF, staff_id=pair.robin.id))
        more = pair.raised(session, Told(OTHER, words="And something else."), now=NOW + timedelta(hours=1))
        (task,) = [one for one in tasks_of(session, TaskKind.CONCERN) if place_of(one).thing == more.id]
        assert (task.desk, task.owner_id) == (Desk.APPROVER, pat.id)


def test_without_an_approver_she_is_told_that_nobody_reads_it_yet(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(STAFF))
        assert not own_concerns.read_own(session, pair.claire, concern.id).has_reader
        assert passing.count_left_behind(session, now=NOW + timedelta(days=4)) == 1
        staff(world, session, Role.APPROVER)
        assert own_concerns.read_own(session, pair.claire, concern.id).has_reader


def test_danger_without_a_name_means_the_one_whom_she_has_and_asks_where_there_are_several(world, pair):
    with world.session() as session, session.begin():
        ana, request_id = world.request(session, name="Ana")
        pair.introduce(session, ana, request_id)
        pair.raised(session, Told(DANGER))
        assert state_of(session, pair) == "on hold"
        with pytest.raises(WhomNeeded):
            pair.raised(session, Told(DANGER), pair.dee)
        pair.raised(session, Told(DANGER, is_somebody_else=True), pair.dee)
        assert session.query(Hold).count() == 1


def test_a_second_tap_is_no_second_concern_and_a_later_one_is(world, pair):
    told = Told(DANGER, pair.id)
    with world.session() as session, session.begin():
        first = pair.raised(session, told, once="a form")
        assert pair.raised(session, told, once="a form", now=NOW + timedelta(seconds=30)).id == first.id
        assert pair.raised(session, told, once="a form", now=NOW + timedelta(hours=1)).id != first.id
        assert pair.raised(session, Told(DANGER, pair.id, words="More"), once="a form").id != first.id
        assert session.query(Concern).count() == 3
        assert session.query(Hold).count() == 1


def test_a_pair_that_is_over_cannot_rest_and_the_concern_is_taken(world, pair):
    with world.session() as session, session.begin():
        requests.withdraw_request(session, pair.claire, pair.request_id, now=NOW)
        concern = pair.raised(session, Told(DANGER, pair.id))
        assert concern.said["held"] is False
        assert state_of(session, pair) == "ended"


def test_nobody_points_at_what_is_not_hers(world, pair):
    with world.session() as session, session.begin():
        ana, _ = world.request(session, name="Ana")
        message = conversations.write_message(session, pair.dee, pair.id, "Hello", now=NOW)
        for told in (
            Told(DANGER, pair.id),
            Told(OTHER, pair.id, message.id),
            Told(OTHER, None, message.id),
            Told(STAFF, staff_id=pair.dee.id),
        ):
            with pytest.raises(Missing):
                pair.raised(session, told, ana)
        with pytest.raises(TooLong):
            pair.raised(session, Told(OTHER, words="x" * 2001))


def test_nobody_who_is_a_part_of_it_reads_it_at_the_desk(world, pair):
    with world.session() as session, session.begin():
        with_role(session, pair.dee, Role.COORDINATOR)
        both = Actor(pair.dee.id, frozenset({Role.COORDINATOR, Role.SUPPORTER}))
        concern = pair.raised(session, Told(DANGER, pair.id))
        with pytest.raises(Missing):
            concerns_at_the_desk.read_concern(session, both, concern.id)
        with pytest.raises(Missing):
            holds.lift(session, both, pair.id, LiftedFor.SAFE, now=NOW)
        assert tasks.read_page(session, both, 0, 9) == []
