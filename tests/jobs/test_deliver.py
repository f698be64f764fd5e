"""What the outbox holds leaves: once, together, as the gate permits; what fails is tried again, then is the desk's."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.jobs.mailing import KEEPS_FROM, let_pass, mail_through, prove_address, put, reach, rows, settle_all, told
from tests.pages.story import Person, Story
from tests.pages.women import turn_clock
from tests.services.notices.mail_server import mail_server, make_paper
from webapp import clock
from webapp.config import MailSettings
from webapp.domain.notices import MOST_TRIES, Notice
from webapp.extensions import db, transaction
from webapp.jobs import deliver, remind
from webapp.models import CheckIn, OutboxRow
from webapp.services import choices, conversations, health, offers, outbox
from webapp.services.acting import TooLate
from webapp.services.notices import delivery, failures
from webapp.services.safety import records


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return make_paper(tmp_path_factory.mktemp("paper"))


@pytest.fixture
def server(paper):
    with mail_server(paper=paper) as found:
        yield found


@pytest.fixture
def story(place, server):
    turn_clock()
    clock.stop()
    clock.move(timedelta(0))
    mail_through(place.app, server.settings())
    return Story(place.app)


def run(story):
    with story.app.app_context():
        try:
            return deliver.run(clock.now())
        finally:
            db.session.remove()


def to_whom(server):
    return [to.split("<")[1].rstrip(">").lower() for _, to, _ in server.taken]


def coordinator(story):
    return Person("robin", story.coordinator, story.coordinator.id)


def test_an_offer_reaches_the_supporter_and_cards_reach_the_woman_in_neutral_words(story, server):
    dee, woman = story.supporter(), story.woman(name="Claire")
    addresses = [prove_address(story, dee), reach(story, woman)]
    story.offered(woman, dee)
    assert run(story) == 1
    assert to_whom(server) == addresses[:1]
    let_pass(hours=24)
    run(story)
    assert to_whom(server) == [addresses[0], addresses[0]]
    for _, _, body in server.taken:
        assert not [word for word in ("Claire", "Dee", "Riverside", *KEEPS_FROM) if word in body]


def test_every_kind_to_a_person_leaves(story, server):
    dee, woman = story.supporter(), story.woman()
    where = {prove_address(story, dee): "dee", reach(story, woman): "she"}
    settle_all(story.app)
    story.shown(woman, dee)
    run(story)
    assert [where[one] for one in to_whom(server)] == ["she"]
    with story.app.app_context(), transaction() as session:
        cards = choices.list_cards(session, woman.actor, session.get_one(records_of("Request"), woman.thing_id))
        choices.choose(session, woman.actor, woman.thing_id, ordered=[cards[0]["id"]], instead=None, now=clock.now())
    run(story)
    assert [where[one] for one in to_whom(server)] == ["she", "dee"]
    let_pass(minutes=20)
    with story.app.app_context(), transaction() as session:
        pair = offers.accept_proposal(session, dee.actor, cards[0]["id"], now=clock.now()).id
    run(story)
    assert sorted(where[one] for one in to_whom(server)[2:]) == ["dee", "she"]
    let_pass(minutes=20)
    with story.app.app_context(), transaction() as session:
        conversations.write_message(session, dee.actor, pair, "Hello", now=clock.now())
    run(story)
    assert [where[one] for one in to_whom(server)[4:]] == ["she"]
    let_pass(days=3)
    with story.app.app_context():
        assert remind.run(clock.now()) == 2
        assert remind.run(clock.now()) == 0
    run(story)
    assert sorted(where[one] for one in to_whom(server)[5:]) == ["dee", "she"]
    let_pass(minutes=20)
    with story.app.app_context(), transaction() as session:
        from webapp.services import requests

        requests.withdraw_request(session, woman.actor, woman.thing_id, now=clock.now())
    run(story)
    assert [where[one] for one in to_whom(server)[7:]] == ["dee"]


def records_of(name):
    import webapp.models

    return getattr(webapp.models, name)


def test_what_waits_at_the_desk_goes_to_each_coordinator_with_an_address(story, server):
    prove_address(story, coordinator(story))
    story.woman()
    assert run(story) == 1
    assert to_whom(server) == ["robin@example.org"]
    assert [state for state, _ in told(story.app)] == ["sent", "spread"]
    assert run(story) == 0


def test_at_a_desk_without_an_address_nothing_is_kept_for_later(story, server):
    story.woman()
    assert run(story) == 0
    assert told(story.app) == [("spread", delivery.NOBODY)]


# What does not leave


def test_for_a_woman_without_a_record_nothing_leaves_and_why_is_kept(story, server):
    woman = story.woman()
    settle_all(story.app)
    put(story.app, woman, "1")
    assert run(story) == 0
    assert told(story.app) == [("refused", "way_not_marked")]
    assert server.tried == 0


def test_outside_her_hours_it_waits_for_them_and_never_past_her_record(story, server):
    woman = story.woman()
    reach(story, woman, hours=frozenset(range(2 * 18, 2 * 21)))  # Monday, six to nine; it is Monday at ten
    settle_all(story.app)
    put(story.app, woman, "1")
    assert run(story) == 0
    (row,) = rows(story.app)
    assert round((row.not_before - clock.now()) / timedelta(minutes=1)) == 8 * 60
    with story.app.app_context(), transaction() as session:
        let_pass(hours=3)
        assert health.count_waiting(session, now=clock.now()) == 0
    let_pass(hours=5)
    assert run(story) == 1
    let_pass(days=28 - 7)
    put(story.app, woman, "2")
    assert run(story) == 1
    let_pass(days=6)
    put(story.app, woman, "3")
    assert run(story) == 0
    let_pass(days=7)
    assert run(story) == 0
    assert ("refused", "expired") in told(story.app)


def test_she_closes_it_while_a_notice_waits_and_it_stays(story, server):
    woman = story.woman()
    reach(story, woman, hours=frozenset(range(2 * 18, 2 * 21)))
    settle_all(story.app)
    put(story.app, woman, "1")
    run(story)
    with story.app.app_context(), transaction() as session:
        records.close_outside(session, woman.actor.id, actor=woman.actor, now=clock.now())
    let_pass(hours=8)
    assert run(story) == 0
    assert told(story.app) == [("refused", "closed")]
    assert server.tried == 0


def test_what_was_rolled_back_cancelled_or_overtaken_does_not_leave(story, server):
    dee, woman = story.supporter(), story.woman()
    prove_address(story, dee)
    with story.app.app_context():
        try:
            with transaction() as session:
                outbox.put(session, Notice.YOU_HAVE_A_MESSAGE, dedupe="x", due_at=clock.now(), to=dee.actor.id)
                raise TooLate
        except TooLate:
            pass
    assert rows(story.app) == []
    proposal = story.offered(woman, dee)
    with story.app.app_context(), transaction() as session:
        offers.decline_proposal(session, dee.actor, proposal, now=clock.now())
    settled = run(story)
    mine = [row for row in rows(story.app) if row.to_user_id == dee.actor.id]
    assert settled == 0
    assert sorted((row.kind, row.state, row.code) for row in mine) == [
        (Notice.OFFER_STILL_OPEN, "cancelled", None),
        (Notice.SOMEONE_HOPES_FOR_YOU, "stale", "overtaken"),
    ]
    assert server.tried == 0


@pytest.mark.parametrize("days", [13, 15])
def test_what_nobody_could_send_for_two_weeks_says_nothing_any_more(story, server, days):
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    let_pass(days=days)
    assert run(story) == (1 if days == 13 else 0)
    assert told(story.app) == [("sent", None) if days == 13 else ("stale", "too_old")]


def test_without_a_mail_server_nothing_waits_for_ever(story, server):
    mail_through(story.app, MailSettings())
    dee = story.supporter()
    prove_address(story, dee)
    put(story.app, dee, "1")
    assert run(story) == 0
    assert told(story.app) == [("refused", "no_way_out")]


# Together


def test_one_letter_in_a_quarter_of_an_hour_but_for_what_is_urgent(story, server):
    dee, robin = story.supporter(), coordinator(story)
    prove_address(story, dee), prove_address(story, robin)
    for number in range(5):
        put(story.app, dee, str(number))
    assert run(story) == 5
    assert len(server.taken) == 1
    put(story.app, dee, "later")
    put(story.app, robin, "first")
    assert run(story) == 1
    put(story.app, robin, "urgent", Notice.A_CHECK_IN_NEEDS_YOU)
    assert run(story) == 1
    let_pass(minutes=14, seconds=59)
    assert run(story) == 0
    let_pass(seconds=1)
    assert run(story) == 1
    assert to_whom(server) == ["s-dee@example.org", "robin@example.org", "robin@example.org", "s-dee@example.org"]


def test_a_code_goes_alone_and_at_once_to_the_address_that_it_proves(story, server):
    from webapp.services.notices import addresses

    dee = story.supporter()
    with story.app.app_context(), transaction() as session:
        addresses.give_address(session, dee.actor, "new@example.org", "America/Toronto", now=clock.now())
    put(story.app, dee, "1")
    let_pass(hours=11 + 5)  # two in the morning
    with story.app.app_context(), transaction() as session:
        addresses.give_address(session, dee.actor, "new@example.org", "America/Toronto", now=clock.now())
    assert run(story) == 2
    ((_, to, body),) = server.taken
    assert "new@example.org" in to
    assert "Your code is" in body
    assert run(story) == 0
    let_pass(minutes=15)
    assert run(story) == 0
    assert ("refused", "not_confirmed") in told(story.app)


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


def test_check_ins_are_told_on_their_day_and_not_when_they_are_answered(story, server):
    dee, woman = story.supporter(), story.woman()
    reach(story, woman)
    story.introduced(woman, dee)
    let_pass(days=3)
    settle_all(story.app)
    with story.app.app_context():
        assert remind.run(clock.now()) == 2
        with transaction() as session:
            session.execute(update(CheckIn).values(state="skipped"))
    run(story)
    assert {state for state, _ in told(story.app)} == {"stale"}
