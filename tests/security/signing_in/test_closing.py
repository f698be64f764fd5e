"""Closing an account: exactly what the page says happens; whom others count on is told what to do instead."""

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import PASSPHRASE, words_of
from tests.programme.fixtures import SignInAs
from tests.security.signing_in.account_endings import make_code, set_phone_words
from tests.security.signing_in.test_accounts import link_for
from webapp import clock
from webapp.domain.access import Actor
from webapp.extensions import transaction
from webapp.models import AuditRecord, Introduction, PhoneWords, Proposal, Request, ReturnCode, Supporter, User
from webapp.services import accounts
from webapp.services.accounts import factors, reset_links


@pytest.fixture
def story(app):
    return Story(app)


def close(browser, passphrase=PASSPHRASE):
    return browser.send("/account/close", present=passphrase)


def state_of(story, kind, thing_id):
    with story.app.app_context(), transaction() as session:
        return session.get(kind, thing_id).state


def test_what_the_page_says_happens_at_once(story):
    woman, dee = story.woman(), story.supporter()
    pair = story.introduced(woman, dee)
    here, there = story.browser(woman.username), story.browser(woman.username)
    make_code(here)
    set_phone_words(here, "blue kettle")
    said = words_of(here.get("/account/close"))
    assert "Your request is taken back." in said
    assert "Your time with your supporter ends." in said
    answer = close(here)
    assert (answer.status_code, answer.location) == (303, "/closed")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert "The account is closed" in words_of(here.get("/closed"))
    assert there.get("/account").status_code == here.get("/account").status_code == 303
    assert here.sign_in(woman.username).status_code == 422
    assert state_of(story, Request, woman.thing_id) == "withdrawn"
    assert state_of(story, Introduction, pair) == "ended"
    assert "Her answers are closed to everyone here." in words_of(
        story.browser().get(f"/desk/requests/{woman.thing_id}")
    )
    with story.app.app_context(), transaction() as session:
        user = session.get(User, woman.actor.id)
        assert (user.active, user.password, user.username, user.email) == (False, None, None, None)
        assert session.scalars(select(ReturnCode)).all() == session.scalars(select(PhoneWords)).all() == []
        assert (
            session.scalars(select(AuditRecord.action).order_by(AuditRecord.number)).all().count("account closed") == 1
        )


@pytest.mark.parametrize("twin", ["w-claire", "W.CLA1RE"])
def test_the_name_of_a_closed_account_stays_taken(story, twin):
    woman = story.woman()
    close(story.browser(woman.username))
    browser = story.app.test_client()
    answer = browser.send(f"/setup/{link_for(story.app)}", username=twin, passphrase=PASSPHRASE, again=PASSPHRASE)
    assert answer.status_code == 422


@pytest.mark.parametrize("passphrase", ["", "not the right one"])
def test_nobody_closes_it_on_a_device_left_open(story, passphrase):
    woman = story.woman()
    her = story.browser(woman.username)
    assert close(her, passphrase).status_code == 422
    assert her.get("/account").status_code == 200
    assert state_of(story, Request, woman.thing_id) == "waiting"


def test_a_supporter_with_a_pair_is_told_and_the_desk_too(story):
    woman, other, dee, noor = story.woman(), story.woman("Ana"), story.supporter(), story.supporter("Noor")
    story.introduced(woman, dee)
    story.offered(other, dee, noor)
    hers, desk = story.browser(dee.username), story.browser()
    assert "No supporter has asked to leave." in words_of(desk.get("/desk?queue=leaving"))
    assert "You are still there for Claire." in words_of(hers.get("/account/close"))
    refused = close(hers)
    assert refused.status_code == 409
    assert state_of(story, Supporter, dee.thing_id) == "active"
    assert hers.send("/account/leaving").status_code == 303
    assert hers.send("/account/leaving").status_code == 303
    assert "You asked to leave on" in words_of(hers.get("/account/close"))
    assert state_of(story, Supporter, dee.thing_id) == "on a break"
    with story.app.app_context(), transaction() as session:
        asked = select(Proposal.supporter_id, Proposal.state).where(Proposal.request_id == other.thing_id)
        assert dict(session.execute(asked).all()) == {dee.thing_id: "fell away", noor.thing_id: "offered"}
    listed = words_of(desk.get("/desk?queue=leaving"))
    assert "Dee" in listed
    assert story.browser(woman.username).send("/questions/withdraw").status_code == 303
    assert close(hers).status_code == 303
    assert state_of(story, Supporter, dee.thing_id) == "left"
    assert "No supporter has asked to leave." in words_of(desk.get("/desk?queue=leaving"))


def test_open_offers_of_a_supporter_who_closes_go_to_the_next_in_line(story):
    woman, dee, noor = story.woman(), story.supporter(), story.supporter("Noor")
    story.offered(woman, dee, noor)
    hers = story.browser(dee.username)
    assert "goes on to the next in line" in words_of(hers.get("/account/close"))
    assert close(hers).status_code == 303
    assert "Claire" in words_of(story.browser(noor.username).get("/offers"))


def test_the_only_coordinator_cannot_go_and_reads_what_to_do(story, sign_in_as: SignInAs):
    robin = story.browser()
    assert "flask --app webapp link coordinator" in words_of(robin.get("/account/close"))
    assert close(robin).status_code == 409
    assert robin.get("/desk").status_code == 200
    other = sign_in_as("coordinator")
    assert close(robin).status_code == 303
    assert close(other).status_code == 409


def test_an_operators_link_takes_second_locks_away_only_where_that_was_asked(app, sign_in_as):
    for clears, left in ((False, True), (True, False)):
        username = sign_in_as("coordinator").username
        with app.app_context(), transaction() as session:
            user_id = accounts.find_user(session, username).id
            code = reset_links.make_operator_link(session, username, clears_factors=clears, now=clock.now())
            reset_links.use_link(session, Actor(None), code, password_hash="new", now=clock.now())
            assert factors.locks_of(session, user_id).any is left
