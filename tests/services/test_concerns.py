"""What each kind of concern does at once, and its end by two people; on both databases."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tests.services.worlds import NOW, World
from webapp.domain.access import Actor, Role
from webapp.domain.concerns import SOON, Kind, State, What, soon_of
from webapp.domain.holds import HeldFor, LiftedFor
from webapp.domain.lifecycles import WrongStep
from webapp.domain.tasks import Desk, Soon
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import ClosedFile, Concern, ConcernEntry, Hold, Introduction, OutboxRow, Task, User
from webapp.services import accounts, checkins, conversations, introductions, offers, requests, tasks
from webapp.services.acting import Missing, TooLate
from webapp.services.safety import concerns, concerns_at_the_desk, elsewhere, handling, holds, own_concerns
from webapp.services.safety.concerns import NoWords, Told, TooLong, WhomNeeded
from webapp.services.tasks.order import place_of


def staff(world: World, session, role: Role = Role.COORDINATOR) -> Actor:
    return with_role(session, world.person(session, role), role)


def with_role(session, actor: Actor, role: Role) -> Actor:
    user = session.get_one(User, actor.id)
    user.roles.append(accounts.find_role(session, role))
    session.flush()
    return actor


class Pair:
    """Two who are introduced, and a coordinator who works there."""

    def __init__(self, world: World, session) -> None:
        self.world, self.robin = world, with_role(session, world.coordinator, Role.COORDINATOR)
        self.dee, _ = world.supporter(session, capacity=3)
        self.claire, self.request_id = world.request(session)
        self.id = self.introduce(session, self.claire, self.request_id)

    def introduce(self, session, woman, request_id):
        offer = self.world.offered(session, woman, request_id)
        pair = offers.accept_proposal(session, self.dee, offer, now=NOW)
        session.flush()
        return pair.id

    def raised(self, session, told: Told, who: Actor | None = None, **more) -> Concern:
        concern = concerns.raise_concern(session, who or self.claire, told, now=more.pop("now", NOW), **more)
        session.flush()
        return concern


@pytest.fixture
def pair(world: World):
    with world.session() as session, session.begin():
        return Pair(world, session)


def state_of(session, pair) -> str:
    session.expire_all()
    return session.get_one(Introduction, pair.id).state


def tasks_of(session, kind: TaskKind) -> list[Task]:
    return [one for one in session.query(Task).order_by(Task.opened_at) if place_of(one).kind == kind]


def soon_said(session, kind: TaskKind) -> datetime:
    (task,) = tasks_of(session, kind)
    return place_of(task).due_at


DANGER, REACH, WORRY, STAFF, OTHER = Kind


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


def test_a_hold_tells_neither_of_the_two_and_stops_what_would_leave(world, pair):
    with world.session() as session, session.begin():
        conversations.write_message(session, pair.claire, pair.id, "Hello", now=NOW)
        before = session.query(OutboxRow).filter(OutboxRow.to_user_id.in_([pair.claire.id, pair.dee.id])).count()
        pair.raised(session, Told(DANGER, pair.id))
        told = session.query(OutboxRow).filter(OutboxRow.to_user_id.in_([pair.claire.id, pair.dee.id]))
        assert told.count() == before
        unsent = told.filter(
            OutboxRow.kind.in_(["you have a message", "you are introduced"]), OutboxRow.state == "ready"
        )
        assert unsent.count() == 0


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


def test_a_worry_takes_nothing_from_anybody(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(WORRY, pair.id, words="She drinks again."), pair.dee)
        assert state_of(session, pair) == "introduced"
        assert soon_said(session, TaskKind.CONCERN) == NOW + timedelta(minutes=15)
        assert session.query(Hold).count() == 0


def test_an_unsafe_way_ends_nothing_in_the_site_and_is_looked_at_today(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(REACH))
        assert state_of(session, pair) == "introduced"
        conversations.write_message(session, pair.claire, pair.id, "Hello", now=NOW)
        assert soon_said(session, TaskKind.CONCERN).astimezone().date() == NOW.date()
        assert concern.said["outside"] is elsewhere.close_outside(session, pair.claire.id, now=NOW)


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
        staff(world, session, Role.APPROVER)
        assert own_concerns.read_own(session, pair.claire, concern.id).has_reader


def test_danger_without_a_name_means_the_one_whom_she_has_and_asks_where_there_are_several(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(DANGER))
        assert state_of(session, pair) == "on hold"
        ana, request_id = world.request(session, name="Ana")
        pair.introduce(session, ana, request_id)
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


def test_what_is_said_in_a_check_in_does_the_same_once(world, pair):
    checkin = uuid4()
    with world.session() as session, session.begin():
        for hour in (0, 5):
            concerns.raise_from_checkin(
                session, pair.claire, DANGER, pair.id, checkin_id=checkin, now=NOW + timedelta(hours=hour)
            )
        assert session.query(Concern).count() == 1
        assert state_of(session, pair) == "on hold"


def test_a_pair_that_is_over_cannot_rest_and_the_concern_is_taken(world, pair):
    with world.session() as session, session.begin():
        requests.withdraw_request(session, pair.claire, pair.request_id, now=NOW)
        concern = pair.raised(session, Told(DANGER, pair.id))
        assert concern.said["held"] is False
        assert state_of(session, pair) == "ended"


def test_the_end_of_a_pair_ends_its_hold(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(DANGER, pair.id))
        requests.withdraw_request(session, pair.claire, pair.request_id, now=NOW)
        (hold,) = session.query(Hold)
        assert (hold.lifted_at, hold.lifted["reason"]) == (NOW, "ended")
        assert tasks_of(session, TaskKind.ON_HOLD)[0].done_at == NOW


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


# Two close one


def test_one_proposes_another_confirms_and_she_reads_what_came_of_it(world, pair):
    with world.session() as session, session.begin():
        sam = staff(world, session)
        concern = pair.raised(session, Told(OTHER, words="The times never suit."))
        handling.look_after(session, pair.robin, concern.id, now=NOW)
        assert own_concerns.read_own(session, pair.claire, concern.id).state == State.LOOKED_AT
        handling.write_to_her(session, pair.robin, concern.id, "I talked with Dee.", now=NOW)
        handling.add_note(session, pair.robin, concern.id, "A secret of the team.", now=NOW)
        assert handling.propose(session, pair.robin, concern.id, "You two agreed on Mondays.", now=NOW)
        own = own_concerns.read_own(session, pair.claire, concern.id)
        assert [one.words for one in own.entries] == ["I talked with Dee."]
        assert own.came_of_it == ""
        with pytest.raises(Missing):
            handling.confirm(session, pair.robin, concern.id, now=NOW)
        (task,) = tasks_of(session, TaskKind.CONCERN_TO_CLOSE)
        assert task.owner_id == sam.id
        handling.confirm(session, sam, concern.id, now=NOW)
        own = own_concerns.read_own(session, pair.claire, concern.id)
        assert (own.state, own.came_of_it) == (State.CLOSED, "You two agreed on Mondays.")
        session.expire_all()
        assert session.query(Task).filter(Task.done_at.is_(None)).count() == 0
        assert session.query(OutboxRow).filter_by(kind="something for you", to_user_id=pair.claire.id).count() == 2


def test_nothing_is_closed_without_words_to_her(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(OTHER))
        with pytest.raises(NoWords):
            handling.propose(session, pair.robin, concern.id, "  ", now=NOW)
        with pytest.raises(handling.NotSaid):
            handling.note_done(session, pair.robin, concern.id, "nonsense", now=NOW)


def test_one_that_is_sent_back_is_looked_after_again(world, pair):
    with world.session() as session, session.begin():
        sam = staff(world, session)
        concern = pair.raised(session, Told(OTHER))
        handling.propose(session, pair.robin, concern.id, "All is well.", now=NOW)
        handling.send_back(session, sam, concern.id, "Nobody asked Dee.", now=NOW)
        assert concern.state == State.LOOKED_AT
        assert [task.done_at is None for task in tasks_of(session, TaskKind.CONCERN)] == [False, True]
        handling.propose(session, sam, concern.id, "Dee is sorry.", now=NOW)
        handling.confirm(session, pair.robin, concern.id, now=NOW)
        assert own_concerns.read_own(session, pair.claire, concern.id).came_of_it == "Dee is sorry."


def test_where_one_coordinator_works_the_approver_is_the_second(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(OTHER, words="Something"))
        assert not handling.propose(session, pair.robin, concern.id, "All is well.", now=NOW)
        assert not concerns_at_the_desk.read_concern(session, pair.robin, concern.id).has_second
        assert concern.state == State.TO_CLOSE
        pat = staff(world, session, Role.APPROVER)
        shown = concerns_at_the_desk.read_concern(session, pat, concern.id)
        assert (shown.may_confirm, shown.may_handle) == (True, False)
        with pytest.raises(Missing):
            handling.add_note(session, pat, concern.id, "Mine", now=NOW)
        handling.confirm(session, pat, concern.id, now=NOW)
        assert concern.state == State.CLOSED


def test_the_approver_sees_no_other_concern(world, pair):
    with world.session() as session, session.begin():
        pat = staff(world, session, Role.APPROVER)
        concern = pair.raised(session, Told(OTHER))
        with pytest.raises(Missing):
            concerns_at_the_desk.read_concern(session, pat, concern.id)


def test_one_about_a_coordinator_is_closed_by_two_approvers(world, pair):
    with world.session() as session, session.begin():
        staff(world, session)
        pat, kim = (staff(world, session, Role.APPROVER) for _ in range(2))
        concern = pair.raised(session, Told(STAFF, staff_id=pair.robin.id))
        assert handling.propose(session, pat, concern.id, "Another coordinator looks after you.", now=NOW)
        for other in (pat, pair.robin):
            with pytest.raises(Missing):
                handling.confirm(session, other, concern.id, now=NOW)
        handling.confirm(session, kim, concern.id, now=NOW)
        assert concern.state == State.CLOSED


def test_her_words_open_it_again_and_taking_back_ends_nothing(world, pair):
    with world.session() as session, session.begin():
        sam = staff(world, session)
        concern = pair.raised(session, Told(DANGER, pair.id))
        own_concerns.take_back(session, pair.claire, concern.id, now=NOW)
        own_concerns.take_back(session, pair.claire, concern.id, now=NOW)
        assert state_of(session, pair) == "on hold"
        assert tasks.is_open(session, TaskKind.CONCERN, concern.id)
        handling.propose(session, pair.robin, concern.id, "All is well.", now=NOW)
        own_concerns.add_words(session, pair.claire, concern.id, "It is not.", now=NOW)
        assert concern.state == State.LOOKED_AT
        with pytest.raises(WrongStep):
            handling.confirm(session, sam, concern.id, now=NOW)
        handling.propose(session, pair.robin, concern.id, "Now it is.", now=NOW)
        handling.confirm(session, sam, concern.id, now=NOW)
        later = NOW + timedelta(days=1)
        for _ in range(2):
            own_concerns.add_words(session, pair.claire, concern.id, "No.", now=later)
        assert concern.state == State.LOOKED_AT
        assert tasks.is_open(session, TaskKind.CONCERN, concern.id, concern.turn)
        own = own_concerns.read_own(session, pair.claire, concern.id)
        assert [one.what for one in own.entries] == [What.TAKEN_BACK, What.FROM_HER, What.FROM_HER]


def test_a_concern_is_hers_alone(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(DANGER, pair.id))
        for act in (
            lambda: own_concerns.read_own(session, pair.dee, concern.id),
            lambda: own_concerns.add_words(session, pair.dee, concern.id, "Me too", now=NOW),
            lambda: own_concerns.take_back(session, pair.dee, concern.id, now=NOW),
            lambda: concerns_at_the_desk.read_concern(session, pair.dee, concern.id),
        ):
            with pytest.raises(Missing):
                act()
        assert own_concerns.list_own(session, pair.dee) == []


# Holds are never forgotten


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


def test_nobody_ticks_a_concern_or_a_hold_off_the_desk(world, pair):
    with world.session() as session, session.begin():
        pair.raised(session, Told(DANGER, pair.id))
        for task in session.query(Task):
            with pytest.raises(WrongStep):
                tasks.finish(session, pair.robin, task.id, act="not needed", now=NOW)


def test_what_stands_in_clear_tells_nothing_of_what_it_is_about(world, pair):
    with world.session() as session, session.begin():
        for kind in Kind:
            pair.raised(session, Told(kind, pair.id, words="" if kind is WORRY else "Words", is_urgent=kind is OTHER))
        own = {"id", "said_sealed"}
        clear = [column.name for column in Concern.__table__.columns if column.name not in own]
        rows = session.query(Concern).all()
        assert len({tuple(getattr(row, name) for name in clear) for row in rows}) == 1
        assert len({len(row.said_sealed) for row in rows}) == 1


def test_nothing_of_a_concern_is_in_the_audit_or_the_outbox(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(DANGER, pair.id, words="canary of hers"))
        handling.write_to_her(session, pair.robin, concern.id, "canary of ours", now=NOW)
    with world.session() as session:
        tables = ("audit_records", "outbox", "tasks", "concerns", "concern_entries", "holds")
        raw = [str(row) for name in tables for row in session.execute(text(f"SELECT * FROM {name}"))]
        assert raw
        assert [row for row in raw if "canary" in row or "danger" in row] == []


def test_a_damaged_concern_still_reaches_a_person(world, pair):
    with world.session() as session, session.begin():
        concern = pair.raised(session, Told(OTHER, words="Words"))
        concern.said_sealed = b"damaged"
        session.flush()
        shown = concerns_at_the_desk.read_concern(session, pair.robin, concern.id)
        assert shown.told is None
        assert own_concerns.read_own(session, pair.claire, concern.id).told is None
        sam = staff(world, session)
        handling.propose(session, pair.robin, concern.id, "We talked.", now=NOW)
        handling.confirm(session, sam, concern.id, now=NOW)
        assert own_concerns.read_own(session, pair.claire, concern.id).came_of_it == "We talked."
        entry = session.query(ConcernEntry).first()
        entry.said_sealed = b"damaged"
        assert concerns_at_the_desk.read_concern(session, pair.robin, concern.id).entries[0].what is None
