"""A concern ends by two people, with words to her; what stands in clear tells nothing of it. On both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.services.concerned import (
    DANGER,
    OTHER,
    STAFF,
    WORRY,
    staff,
    state_of,
    tasks_of,
    with_role,
)
from tests.services.worlds import NOW
from webapp.domain.access import Role
from webapp.domain.concerns import Kind, State, What
from webapp.domain.lifecycles import WrongStep
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Concern, ConcernEntry, OutboxRow, Task
from webapp.services import tasks
from webapp.services.acting import Missing
from webapp.services.safety import concerns_at_the_desk, handling, own_concerns
from webapp.services.safety.concerns import NoWords, Told


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


def test_whoever_is_coordinator_and_approver_is_no_second_person_for_herself(world, pair):
    with world.session() as session, session.begin():
        with_role(session, pair.robin, Role.APPROVER)
        concern = pair.raised(session, Told(OTHER))
        assert not handling.propose(session, pair.robin, concern.id, "All is well.", now=NOW)
        assert not own_concerns.read_own(session, pair.claire, pair.raised(session, Told(STAFF)).id).has_reader


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
