"""What the outbox holds leaves: once, together, as the gate permits; what fails is tried again, then is the desk's."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.jobs.notices.mailing import (
    ALWAYS,
    KEEPS_FROM,
    coordinator,
    let_pass,
    mail_through,
    prove_address,
    put,
    reach,
    rows,
    run,
    settle_all,
    to_whom,
    told,
)
from webapp import clock
from webapp.config import MailSettings
from webapp.domain.notices import Notice
from webapp.domain.safe_contact import Channel, Contact, Others
from webapp.extensions import transaction
from webapp.jobs import pairs
from webapp.models import CheckIn
from webapp.services import choices, conversations, health, offers, outbox, requests
from webapp.services.acting import TooLate
from webapp.services.notices import delivery
from webapp.services.safety import changing, records


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
    (card,) = story.shown(woman, dee)
    run(story)
    assert [where[one] for one in to_whom(server)] == ["she"]
    with story.app.app_context(), transaction() as session:
        choices.choose(session, woman.actor, woman.thing_id, ordered=[card], instead=None, now=clock.now())
    run(story)
    assert [where[one] for one in to_whom(server)] == ["she", "dee"]
    let_pass(minutes=20)
    with story.app.app_context(), transaction() as session:
        pair = offers.accept_proposal(session, dee.actor, card, now=clock.now()).id
    run(story)
    assert sorted(where[one] for one in to_whom(server)[2:]) == ["dee", "she"]
    let_pass(minutes=20)
    with story.app.app_context(), transaction() as session:
        conversations.write_message(session, dee.actor, pair, "Hello", now=clock.now())
    run(story)
    assert [where[one] for one in to_whom(server)[4:]] == ["she"]
    let_pass(days=3)
    with story.app.app_context():
        pairs.run(clock.now())
    run(story)
    assert sorted(where[one] for one in to_whom(server)[5:]) == ["dee", "she"]
    let_pass(minutes=20)
    with story.app.app_context(), transaction() as session:
        requests.withdraw_request(session, woman.actor, woman.thing_id, now=clock.now())
    run(story)
    assert [where[one] for one in to_whom(server)[7:]] == ["dee"]


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


def test_to_a_number_nothing_leaves_by_itself(story, server):
    woman = story.woman()
    numbers = {Channel.TEXT: "519 555 0123", Channel.CALL: "519 555 0123"}
    with story.app.app_context(), transaction() as session:
        changing.keep(session, woman.actor, Contact(numbers, ALWAYS), now=clock.now())
    settle_all(story.app)
    put(story.app, woman, "1")
    assert run(story) == 0
    assert server.tried == 0


def test_where_somebody_else_may_see_it_no_e_mail_goes_out(story, server):
    woman = story.woman()
    with story.app.app_context(), transaction() as session:
        said = Contact({Channel.EMAIL: "w@example.org"}, ALWAYS, others=Others.SOMEBODY)
        changing.keep(session, woman.actor, said, now=clock.now())
    settle_all(story.app)
    put(story.app, woman, "1")
    assert run(story) == 0
    assert told(story.app) == [("refused", "seen_by_others")]
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
    put(story.app, robin, "urgent", Notice.SOMETHING_NEEDS_YOU)
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


def test_check_ins_are_told_on_their_day_and_not_when_they_are_answered(story, server):
    dee, woman = story.supporter(), story.woman()
    reach(story, woman)
    story.introduced(woman, dee)
    let_pass(days=3)
    settle_all(story.app)
    with story.app.app_context():
        pairs.run(clock.now())
        with transaction() as session:
            session.execute(update(CheckIn).values(state="skipped"))
    run(story)
    assert {state for state, _ in told(story.app)} == {"stale"}
