"""What does not leave is tried again, then is the desk's; a letter is in one hand, and nothing is held meanwhile."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.jobs.notices.mailing import (
    let_pass,
    prove_address,
    put,
    reach,
    rows,
    run,
    told,
)
from webapp import clock
from webapp.domain.notices import MOST_TRIES
from webapp.extensions import db, transaction
from webapp.models import OutboxRow
from webapp.services import health
from webapp.services.acting import TooLate
from webapp.services.notices import delivery, failures

# What fails


def fail(story, server, does, tries):
    server.does = does
    for _ in range(tries):
        run(story)
        let_pass(hours=1)
    server.does = "take"


@pytest.mark.parametrize("does", ["grey", "cut", "full", "refuse_all", "no_tls"])
def test_what_fails_is_tried_again_after_a_pause_that_grows_and_then_leaves(story, server, does):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    pauses = []
    server.does = does
    for _ in range(4):
        assert run(story) == 0
        (row,) = rows(story.app)
        assert (row.state, row.lease_by) == ("ready", None)
        assert row.code
        pauses.append((row.not_before - clock.now()).total_seconds())
        assert run(story) == 0
        clock.move(row.not_before - clock.now())
    assert pauses == [40, 80, 160, 320]
    server.does = "take"
    assert run(story) == 1
    assert len(server.taken) == 1


def test_a_grey_list_of_an_hour_is_outlasted(story, server):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    begun, server.does = clock.now(), "grey"
    while rows(story.app)[0].state == "ready":
        run(story)
        row = rows(story.app)[0]
        clock.move((row.not_before or clock.now()) - clock.now())
        server.does = "grey" if clock.now() - begun < timedelta(hours=1) else "take"
    assert rows(story.app)[0].state == "sent"


def test_after_eight_tries_it_is_the_desk_s_to_try_again_or_give_up(story, server):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    put(story.app, dee, "2")
    fail(story, server, "grey", MOST_TRIES)
    assert told(story.app) == [("failed", "address_refused_451")] * 2
    assert server.tried == MOST_TRIES
    first, second = (row.id for row in rows(story.app))
    with story.app.app_context(), transaction() as session:
        assert health.count_failed(session) == 2
        failures.try_again(session, story.coordinator, first, now=clock.now())
        failures.give_up(session, story.coordinator, second, now=clock.now())
        with pytest.raises(TooLate):
            failures.give_up(session, story.coordinator, second, now=clock.now())
    assert run(story) == 1
    assert [state for state, _ in told(story.app)] == ["given up", "sent"]


def test_an_address_that_is_refused_for_good_is_not_tried_eight_times(story, server):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    fail(story, server, "refuse", 1)
    assert told(story.app) == [("failed", "address_refused_550")]


def test_where_the_server_is_gone_the_others_are_not_tried_now(story, server):
    people = [story.supporter(name) for name in ("Dee", "Ana", "Zoe")]
    for person in people:
        prove_address(story, person)
    for person in people:
        put(story.app, person, person.username)
    server.does = "refuse_all"
    run(story)
    assert server.tried == 1
    assert sorted(row.attempts for row in rows(story.app)) == [0, 0, 1]


def test_one_whose_address_is_refused_keeps_nobody_else_from_her_letter(story, server):
    dee, ana = story.supporter("Dee"), story.supporter("Ana")
    prove_address(story, dee), prove_address(story, ana)
    put(story.app, dee, "1")
    server.does = "refuse"
    run(story)
    server.does = "take"
    put(story.app, ana, "2")
    assert run(story) == 1


# Leases


def test_a_letter_in_one_hand_is_in_no_other_until_its_lease_ends(story, server):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    settings = server.settings()
    with story.app.app_context():
        with transaction() as session:
            first = delivery.take(session, dee.actor.id, settings, now=clock.now())
        assert run(story) == 0
        let_pass(minutes=4)
        assert run(story) == 0
        let_pass(minutes=1)
        assert run(story) == 1
        with transaction() as session:
            assert delivery.settle(session, first, None, now=clock.now()) == 0


def test_a_notice_that_is_cancelled_while_its_letter_is_on_its_way_stays_cancelled(story, server):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")

    def cancel():
        with db.engine.connect() as connection:
            connection.execute(update(OutboxRow).values(state="cancelled"))
            connection.commit()

    with story.app.app_context():
        server.after_data = cancel_in(story, cancel)
    assert run(story) == 0
    assert [state for state, _ in told(story.app)] == ["cancelled"]


def cancel_in(story, act):
    def later():
        with story.app.app_context():
            act()

    return later


def test_nothing_of_the_database_is_held_while_a_letter_is_on_its_way(story, server):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    found = []

    def write():
        with transaction() as session:
            session.scalars(select(OutboxRow).with_for_update()).all()
            found.append(1)

    server.after_data = cancel_in(story, write)
    assert run(story) == 1
    assert found == [1]


def test_no_log_holds_an_address_or_a_name(story, server, caplog):
    caplog.set_level(logging.DEBUG)
    dee, woman = story.supporter(), story.woman(name="Claire")
    words = [prove_address(story, dee), reach(story, woman), "Claire", "Dee"]
    for does in ("grey", "refuse", "cut", "take"):
        put(story.app, dee, does)
        put(story.app, woman, f"{does}-hers")
        fail(story, server, does, 1)
        let_pass(hours=2)
    assert "did not leave" in caplog.text
    assert [word for word in words if word in caplog.text] == []
