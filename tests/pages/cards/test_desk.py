"""The desk and its cards: taken back until she chooses, rankings that are outdated, who is shown elsewhere."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from tests.services.worlds import said
from webapp import clock
from webapp.extensions import transaction
from webapp.models import AuditRecord, Proposal, Request
from webapp.services import choices, requests

OTHERS = "She has changed her answers since: rank again."
ENOUGH = "shown to as many women already as she has room for"


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def states(story, woman):
    with story.app.app_context(), transaction() as session:
        found = select(Proposal.state).where(Proposal.request_id == woman.thing_id)
        return session.get_one(Request, woman.thing_id).state, sorted(session.scalars(found))


def take_back(browser, woman, card="all", reason="mistake", **more):
    return browser.send(f"/desk/requests/{woman.thing_id}/take-back", card=str(card), reason=reason, **more)


# Taking back


def test_one_card_is_taken_back_and_it_is_seen_who_showed_it_and_who_took_it(story):
    woman, people = story.woman(), [story.supporter(name) for name in ("Dee", "Noor")]
    (card, _), robin = story.shown(woman, *people), story.browser()
    page = words_of(robin.get(f"/desk/requests/{woman.thing_id}"))
    assert "by robin" in page.split("Dee")[1]
    answer = take_back(robin, woman, card, "know_each_other", note="They sing in <i>one</i> choir.")
    assert answer.status_code == 303
    page = robin.get(answer.location)
    assert "Taken back by robin: The two may know each other" in words_of(page)
    assert "They sing in &lt;i&gt;one&lt;/i&gt; choir." in page.text
    assert states(story, woman) == ("proposed", ["shown", "withdrawn"])
    hers = words_of(story.browser(woman.username).get("/people"))
    assert "Ask Noor" in hers
    assert "Ask Dee" not in hers
    assert "choir" not in hers
    with story.app.app_context(), transaction() as session:
        record = session.query(AuditRecord).filter_by(action="proposal taken back").one()
        assert (record.thing_id, record.actor_id, record.code) == (card, story.coordinator.id, "know_each_other")
        assert b"choir" not in session.get_one(Proposal, card).taken_back_note_sealed


def test_with_the_last_card_she_waits_again_in_her_place(story):
    woman, dee = story.woman(), story.supporter()
    with story.app.app_context(), transaction() as session:
        waited = session.get_one(Request, woman.thing_id).waiting_since
    story.shown(woman, dee)
    assert take_back(story.browser(), woman).status_code == 303
    assert states(story, woman) == ("waiting", ["withdrawn"])
    said_to_her = words_of(story.browser(woman.username).get("/people"))
    assert "The coordinator is looking for women who fit. You keep your place." in said_to_her
    assert "I tapped by mistake" not in said_to_her
    with story.app.app_context(), transaction() as session:
        assert session.get_one(Request, woman.thing_id).waiting_since == waited
    story.shown(woman, dee)  # what the desk took back, it may show again
    assert states(story, woman) == ("proposed", ["shown", "withdrawn"])


def test_once_she_has_chosen_it_is_refused_kindly_and_what_was_typed_stays(story):
    woman, people = story.woman(), [story.supporter(name) for name in ("Dee", "Noor")]
    story.offered(woman, *people)
    robin = story.browser()
    assert "Take a card back" not in words_of(robin.get(f"/desk/requests/{woman.thing_id}"))
    refused = take_back(robin, woman, note="Our mistake")
    assert refused.status_code == 409
    assert "she has chosen by now" in words_of(refused)
    assert "Our mistake" in refused.text
    assert states(story, woman) == ("proposed", ["offered", "shown"])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"card": ""}, "Tick a card, or all of them."),
        ({"card": "x"}, "Tick a card, or all of them."),
        ({"reason": "because"}, "Tick why you take it back."),
        ({"reason": ""}, "Tick why you take it back."),
        ({"note": "x" * 501}, "under 500 signs"),
    ],
)
def test_what_is_not_filled_in_is_said_beside_it(story, fields, told):
    woman = story.woman()
    story.shown(woman, story.supporter())
    refused = take_back(story.browser(), woman, **fields)
    assert refused.status_code == 422
    assert told in words_of(refused)
    assert states(story, woman) == ("proposed", ["shown"])


def test_a_card_of_another_woman_is_not_taken_back_from_here(story):
    woman, other, dee = story.woman(), story.woman("Ada"), story.supporter()
    story.shown(woman, dee)
    (theirs,) = story.shown(other, dee)
    robin = story.browser()
    for card in (theirs, uuid4()):
        assert take_back(robin, woman, card).status_code == 409
    assert states(story, other) == ("proposed", ["shown"])
    assert robin.send(f"/desk/requests/{uuid4()}/take-back", card="all", reason="mistake").status_code == 404


def test_what_the_desk_took_back_meanwhile_cannot_be_asked_and_she_reads_so(story):
    woman, people = story.woman(), [story.supporter(name) for name in ("Dee", "Noor")]
    (card, _), her = story.shown(woman, *people), story.browser(woman.username)
    take_back(story.browser(), woman, card)
    her.send("/people", pick=str(card))
    assert "because the cards have changed since you opened that page." in words_of(her.get("/people"))
    assert states(story, woman) == ("proposed", ["shown", "withdrawn"])


def test_a_note_typed_before_the_sign_in_idled_out_stands_there_again(story):
    woman, dee = story.woman(), story.supporter()
    story.shown(woman, dee)
    robin = story.browser()
    robin.get("/account")
    clock.move(timedelta(minutes=16))
    assert take_back(robin, woman, note="A long note").location == "/sign-in?late=kept"
    assert states(story, woman) == ("proposed", ["shown"])
    robin.sign_in("robin")
    page = robin.get(f"/desk/requests/{woman.thing_id}").text
    assert "A long note" in page.split("<details open>")[1]


# A ranking that her answers have outrun


@pytest.mark.parametrize("cells", [{"topics": "grief"}, {"not_with": "my boss"}, {"hope": "A calm week"}])
def test_after_she_changed_her_answers_the_ranking_says_so_and_lets_nobody_through(story, cells):
    dee, woman = story.supporter(), story.woman()
    ranking, robin = story.ranked(woman), story.browser()
    path = f"/desk/rankings/{ranking}"
    assert OTHERS not in words_of(robin.get(path))
    with story.app.app_context(), transaction() as session:
        requests.answer_questions(session, woman.actor, woman.thing_id, said(cells, "requester"), now=clock.now())
    page = robin.get(path)
    assert OTHERS in words_of(page)
    assert f'action="/desk/requests/{woman.thing_id}/rank"' in page.text
    refused = robin.send(f"{path}/approve", supporters=[str(dee.thing_id)], reason="she_asked", has_read_names="y")
    assert refused.status_code == 409
    assert OTHERS in words_of(refused)
    assert states(story, woman) == ("waiting", [])
    again = robin.send(f"/desk/requests/{woman.thing_id}/rank").location
    assert OTHERS not in words_of(robin.get(again))
    shown = robin.send(f"{again}/approve", supporters=[str(dee.thing_id)], reason="she_asked", has_read_names="y")
    assert shown.status_code == 303


def test_another_time_zone_outruns_it_too_and_another_woman_s_answers_do_not(story):
    story.supporter()
    woman, other = story.woman(), story.woman("Ada")
    ranking, robin = story.ranked(woman), story.browser()
    with story.app.app_context(), transaction() as session:
        changed = said({"topics": "grief"}, "requester")
        requests.answer_questions(session, other.actor, other.thing_id, changed, now=clock.now())
    assert OTHERS not in words_of(robin.get(f"/desk/rankings/{ranking}"))
    with story.app.app_context(), transaction() as session:
        requests.choose_time_zone(session, woman.actor, woman.thing_id, "America/Vancouver")
    assert OTHERS in words_of(robin.get(f"/desk/rankings/{ranking}"))


# Who is shown and asked elsewhere


def test_the_ranking_says_where_else_she_is_shown_and_asked(story):
    dee, noor = story.supporter("Dee", capacity=3), story.supporter("Noor", availability="Mon 18:00-19:30")
    story.shown(story.woman("Ada"), dee)
    story.offered(story.woman("Berta"), dee)
    gone = story.woman("Clara")
    story.shown(gone, dee)
    with story.app.app_context(), transaction() as session:
        choices.choose(session, gone.actor, gone.thing_id, ordered=[], instead=choices.NOBODY, now=clock.now())
    said_there = words_of(story.browser().get(f"/desk/rankings/{story.ranked(story.woman())}"))
    assert "shown to 2 others, asked by 1" in said_there.split("Noor")[0]
    assert "shown to" not in said_there.split("2. Noor")[1].split("Who was ruled out")[0]
    assert "shown to enough" not in said_there
    assert noor.thing_id != dee.thing_id


def test_who_is_shown_to_enough_is_marked_passed_over_freely_and_shown_for_a_reason_only(story):
    dee, noor = story.supporter("Dee", capacity=1), story.supporter("Noor", availability="Mon 18:00-19:30")
    story.shown(story.woman("Ada"), dee)
    robin, woman = story.browser(), story.woman()
    path = f"/desk/rankings/{story.ranked(woman)}"
    assert "shown to 1 other shown to enough" in words_of(robin.get(path)).split("Noor")[0]
    refused = robin.send(f"{path}/approve", supporters=[str(dee.thing_id)])
    assert refused.status_code == 422
    assert ENOUGH in words_of(refused)
    assert states(story, woman) == ("waiting", [])
    assert robin.send(f"{path}/approve", supporters=[str(noor.thing_id)]).status_code == 303
    other = story.woman("Dora")
    path = f"/desk/rankings/{story.ranked(other)}"
    sent = {"supporters": [str(dee.thing_id)], "reason": "known_fit"}
    assert robin.send(f"{path}/approve", **sent).status_code == 303


def is_enough(story, woman):
    said_there = words_of(story.browser().get(f"/desk/rankings/{story.ranked(woman)}"))
    assert "shown to" in said_there
    return "shown to enough" in said_there


def test_a_card_holds_a_place_while_it_may_soon_be_asked_for(story):
    dee, eve, woman = story.supporter("Dee", capacity=1), story.supporter("Eve", capacity=9), story.woman()
    choosing = story.woman("Ada")
    cards = story.shown(choosing, dee, eve)
    assert is_enough(story, woman)
    clock.move(timedelta(days=6))
    assert not is_enough(story, woman)  # she has not looked in for long: nobody else waits for that
    clock.set_right()
    hers = story.browser(choosing.username)
    hers.send("/people", pick=str(cards[1]))
    assert not is_enough(story, woman)  # left aside, while Eve is asked
    hers.send("/people/unask")
    assert is_enough(story, woman)
    offered = story.woman("Berta")
    story.offered(offered, dee)
    clock.move(timedelta(days=1))
    assert is_enough(story, woman)
