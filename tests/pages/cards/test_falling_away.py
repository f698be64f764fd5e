"""One place, several women: when it is taken, nobody is left with a card or an offer that cannot come true."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.jobs import pass_on
from webapp.models import AuditRecord, Proposal, Request, Supporter
from webapp.services import choices, offers, supporters
from webapp.services.cards import falling_away


@pytest.fixture
def story(on_either) -> Story:
    return Story(on_either)


def states(story, woman):
    with story.app.app_context(), transaction() as session:
        found = select(Proposal.state).where(Proposal.request_id == woman.thing_id).order_by(Proposal.place)
        return session.get_one(Request, woman.thing_id).state, sorted(session.scalars(found))


def accept(story, supporter, offer):
    return story.browser(supporter.username).send(f"/offers/{offer}/accept")


def killed_after_accepting(story, supporter, offer):
    """The process dies right after the commit: only the service has run."""
    with story.app.app_context(), transaction() as session:
        offers.accept_proposal(session, supporter.actor, offer, now=clock.now())


def run_the_worker(story):
    with story.app.app_context():
        return pass_on.run(clock.now())


def test_her_last_place_passes_every_other_offer_and_card_on_at_once(story):
    dee, noor = story.supporter("Dee", capacity=1), story.supporter("Noor", capacity=5)
    first, asked, asked_alone = (story.woman(name) for name in ("Ada", "Berta", "Clara"))
    shown, shown_alone = story.woman("Dora"), story.woman("Ella")
    offer = story.offered(first, dee)
    story.offered(asked, dee, noor)
    late = story.offered(asked_alone, dee)
    story.shown(shown, dee, noor)
    story.shown(shown_alone, dee)
    assert accept(story, dee, offer).status_code == 303
    assert states(story, asked) == ("proposed", ["fell away", "offered"])
    assert states(story, asked_alone) == ("waiting", ["fell away"])
    assert states(story, shown) == ("proposed", ["fell away", "shown"])
    assert states(story, shown_alone) == ("waiting", ["fell away"])
    assert "Berta" in words_of(story.browser(noor.username).get("/offers"))
    said = words_of(story.browser(asked.username).get("/people"))
    assert "We have asked Noor" in said
    assert "Dee cannot take on someone right now. That says nothing about you." in said
    for woman in (asked_alone, shown_alone):
        said = words_of(story.browser(woman.username).get("/people"))
        assert "It did not come to a meeting this time. That says nothing about you. You keep your place" in said
    said = words_of(story.browser(shown.username).get("/people"))
    assert "Ask Noor" in said
    assert "Ask Dee" not in said
    assert "Dee cannot take on someone right now." in said
    over = story.browser(dee.username).send(f"/offers/{late}/accept")
    assert over.status_code == 409
    assert "All your places are taken" in words_of(over)
    with story.app.app_context(), transaction() as session:
        assert session.query(AuditRecord).filter_by(action="proposal fell away").count() == 4
    assert run_the_worker(story) == 0


def test_in_the_minute_between_every_page_tells_the_truth_and_the_worker_goes_on(story):
    dee, noor = story.supporter("Dee", capacity=1), story.supporter("Noor", capacity=5)
    first, asked, shown, alone = (story.woman(name) for name in ("Ada", "Berta", "Clara", "Dora"))
    offer = story.offered(first, dee)
    waiting = story.offered(asked, dee, noor)
    story.shown(shown, dee, noor)
    story.shown(alone, dee)
    killed_after_accepting(story, dee, offer)
    hers, theirs = story.browser(dee.username), story.browser(asked.username)
    assert "Berta" not in words_of(hers.get("/offers"))
    for page in (hers.get(f"/offers/{waiting}"), hers.send(f"/offers/{waiting}/accept")):
        assert page.status_code == 409
        assert "All your places are taken" in words_of(page)
    assert "Dee cannot take on someone right now. That says nothing about you. We go on" in words_of(
        theirs.get("/people")
    )
    said = words_of(story.browser(shown.username).get("/people"))
    assert "Ask Noor" in said
    assert "Ask Dee" not in said
    assert "Dee cannot take on someone right now." in said
    lone = story.browser(alone.username)
    assert "It did not come to a meeting this time" in words_of(lone.get("/people"))
    assert "It did not come to a meeting this time" in words_of(lone.get("/questions/state"))
    assert states(story, asked) == ("proposed", ["offered", "shown"])
    assert run_the_worker(story) == 3
    assert states(story, asked) == ("proposed", ["fell away", "offered"])
    assert states(story, alone) == ("waiting", ["fell away"])
    assert run_the_worker(story) == 0


@pytest.mark.parametrize(
    "facts", [{"state": "on a break"}, {"state": "left"}, {"trained_until": clock.now().date() - timedelta(days=2)}]
)
def test_whoever_takes_nobody_on_any_more_is_passed_on_whatever_the_reason(story, facts):
    dee, noor, woman = story.supporter("Dee"), story.supporter("Noor"), story.woman()
    offer = story.offered(woman, dee, noor)
    with story.app.app_context(), transaction() as session:
        changed = update(Supporter).where(Supporter.id == dee.thing_id)
        session.execute(changed.values(version=Supporter.version + 1, **facts))
    refused = story.browser(dee.username).send(f"/offers/{offer}/accept")
    assert refused.status_code == 409
    assert "you take nobody new on at the moment" in words_of(refused)
    assert run_the_worker(story) == 1
    assert states(story, woman) == ("proposed", ["fell away", "offered"])


def test_her_place_in_the_line_is_kept_and_she_can_be_shown_her_again(story):
    dee = story.supporter("Dee", capacity=1)
    first, woman = story.woman("Ada"), story.woman("Berta")
    with story.app.app_context(), transaction() as session:
        since = session.get_one(Request, woman.thing_id).waiting_since
    offer = story.offered(first, dee)
    story.offered(woman, dee)
    accept(story, dee, offer)
    story.browser(first.username).send("/questions/withdraw")
    with story.app.app_context(), transaction() as session:
        assert session.get_one(Request, woman.thing_id).waiting_since == since
        supporters.lift_rest(session, story.coordinator, dee.thing_id, now=clock.now())
    story.offered(woman, dee)
    assert states(story, woman) == ("proposed", ["fell away", "offered"])


def test_the_longest_wait_is_served_first(story):
    dee, noor = story.supporter("Dee", capacity=1), story.supporter("Noor", capacity=1)
    late, early, first = (story.woman(name) for name in ("Ada", "Berta", "Clara"))
    with story.app.app_context(), transaction() as session:
        for woman, days in ((late, 1), (early, 9)):
            since = clock.now() - timedelta(days=days)
            session.get_one(Request, woman.thing_id).waiting_since = since
    offer = story.offered(first, dee)
    for woman in (late, early):
        story.offered(woman, dee, noor)
    killed_after_accepting(story, dee, offer)
    with story.app.app_context(), transaction() as session:
        assert falling_away.list_left(session, now=clock.now()) == [early.thing_id, late.thing_id]


def test_one_who_asks_for_somebody_without_a_place_keeps_her_other_cards_and_reads_why(story):
    dee, noor = story.supporter("Dee", capacity=1), story.supporter("Noor")
    first, woman = story.woman("Ada"), story.woman("Berta")
    offer, (card, _) = story.offered(first, dee), story.shown(woman, dee, noor)
    killed_after_accepting(story, dee, offer)
    hers = story.browser(woman.username)
    assert hers.send("/people", pick=str(card)).location == "/people"
    said = words_of(hers.get("/people"))
    assert "Not asked, because Dee cannot take on someone right now." in said
    assert "Ask Noor" in said
    assert states(story, woman) == ("proposed", ["fell away", "shown"])


def test_in_an_order_the_first_who_can_is_asked(story):
    dee, noor = story.supporter("Dee", capacity=1), story.supporter("Noor")
    first, woman = story.woman("Ada"), story.woman("Berta")
    offer, cards = story.offered(first, dee), story.shown(woman, dee, noor)
    killed_after_accepting(story, dee, offer)
    with story.app.app_context(), transaction() as session:
        choices.choose(session, woman.actor, woman.thing_id, ordered=cards, instead=None, now=clock.now())
    said = words_of(story.browser(woman.username).get("/people"))
    assert "We have asked Noor" in said
    assert "Dee cannot take on someone right now." in said
