"""The cards: what she reads, the ways to choose, and what she sees once somebody is asked."""

import re
from datetime import timedelta

import pytest

from tests.pages.women import (
    chosen_in,
    heading_of,
    request_of,
    send_request,
    show_people,
    statements,
    supporter_of,
    turn_clock,
)
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import Proposal
from webapp.services import offers


@pytest.fixture
def her(sign_in_as):
    turn_clock()
    return send_request(sign_in_as())


@pytest.fixture
def cards(her, app):
    return show_people(app, her, "Dee", "Noor", "Marie-Ève")


def orders(app):
    with app.app_context(), transaction() as session:
        return {str(one.id): (one.state, one.her_order) for one in session.query(Proposal)}


def test_a_card_says_a_name_a_hello_and_what_they_share_and_never_a_number(her, app, cards):
    page = her.get("/people")
    assert heading_of(page) == "Three women who could walk with you"
    for name in ("Dee", "Noor", "Marie-Ève"):
        card = next(one for one in page.text.split('<article class="card"')[1:] if f"<h2>{name}</h2>" in one)
        words = re.sub(r"<[^>]+>", " ", card.split("</article>")[0])
        assert f"I am {name}, and I like tea." in words
        assert "She is free when you are" in words
        assert not re.search(r"\d+([.,]\d+)?\s*(%|points|of 100)", words)


def test_nothing_is_chosen_beforehand(her, cards):
    assert chosen_in(her.get("/people")) == []


def test_she_picks_one_and_reads_what_happens_and_when_to_come_back(her, app, cards):
    assert her.send("/people", pick=str(cards[1])).location.endswith("/people")
    assert orders(app)[str(cards[1])] == ("offered", 1)
    words = words_of(her.get("/people"))
    assert "She has 48 hours" in words
    assert "Come back on Thursday, November 26" in words
    assert "the coordinator looks again" in words


def test_she_gives_an_order_and_the_next_is_named(her, app, cards):
    first, second, third = cards
    her.send("/people", **{f"order-{second}": "1", f"order-{first}": "2", f"order-{third}": "0"})
    assert orders(app) == {str(second): ("offered", 1), str(first): ("shown", 2), str(third): ("shown", None)}
    assert "next." in words_of(her.get("/people"))


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (("1", "1", "2"), "Give each her own"),
        (("0", "0", "0"), "asked first"),
        (("4", "1", "2"), "Choose one of these"),
    ],
)
def test_an_order_that_cannot_be_read_is_said_with_a_link(her, app, cards, places, said):
    answer = her.send("/people", **{f"order-{card}": place for card, place in zip(cards, places, strict=True)})
    assert answer.status_code == 422
    assert re.search(rf'<a href="#order-[\w-]+">[^<]*{said}', answer.text)
    assert {order for _, order in orders(app).values()} == {None}


def test_none_of_these_keeps_her_place_and_says_when_there_is_an_answer(her, app, cards):
    her.send("/people", instead="nobody")
    assert request_of(app, her)[0] == "waiting"
    words = words_of(her.get("/people"))
    assert "You keep your place" in words
    assert "Come back on Monday, November 30" in words


def test_a_no_is_told_to_her_kindly_and_by_name(her, app, cards):
    first, second, _ = cards
    her.send("/people", **{f"order-{first}": "1", f"order-{second}": "2"})
    for offer in (first, second):
        name = heading_of(her.get("/people")).removeprefix("We have asked ")
        with app.app_context(), transaction() as session:
            offers.decline_proposal(session, supporter_of(app, name), offer, now=clock.now())
        words = words_of(her.get("/people"))
        assert f"{name} cannot take on" in words or "It did not come to a meeting this time" in words
    for page in ("/people", "/questions/sent", "/questions/state"):
        assert "That says nothing about you. You keep your place" in words_of(her.get(page))
    show_people(app, her, "Wren")
    her.send("/people", instead="nobody")
    assert "That says nothing about you" not in words_of(her.get("/questions/sent"))


def test_choose_for_me_asks_the_first(her, app, cards):
    her.send("/people", instead="choose_for_me")
    assert sorted(order for _, order in orders(app).values()) == [1, 2, 3]
    assert heading_of(her.get("/people")).startswith("We have asked")


def test_a_card_that_is_not_hers_or_comes_too_late_changes_nothing_and_shows_how_it_stands(her, app, cards):
    assert her.send("/people", pick="5f0c7b1e-0000-4000-8000-000000000000").location == "/people"
    her.send("/people", pick=str(cards[0]))
    before = heading_of(her.get("/people"))
    assert her.send("/people", pick=str(cards[1])).location == "/people"
    assert her.send("/people", instead="nobody").location == "/people"
    assert heading_of(her.get("/people")) == before


def test_one_card_alone_has_no_order_and_nothing_to_choose_for_her(her, app):
    show_people(app, her, "Dee")
    page = her.get("/people")
    assert heading_of(page) == "A woman who could walk with you"
    assert "Ask in an order" not in page.text
    assert "Choose for me" not in page.text


def test_a_silent_no_goes_on_to_the_next(her, app, cards):
    first, second, _ = cards
    her.send("/people", **{f"order-{first}": "1", f"order-{second}": "2"})
    before = heading_of(her.get("/people"))
    supporter = supporter_of(app, before.removeprefix("We have asked "))
    with app.app_context(), transaction() as session:
        offers.decline_proposal(session, supporter, first, now=clock.now())
    after = heading_of(her.get("/people"))
    assert after.startswith("We have asked")
    assert after != before


def test_an_offer_whose_time_is_over_is_said_kindly_until_it_goes_on(her, cards, sign_in_as):
    her.send("/people", pick=str(cards[0]))
    clock.move(timedelta(hours=49))
    again = sign_in_as(username=her.username)
    assert "says nothing about you" in again.get("/people").text


def test_before_anybody_is_found_the_page_says_when_to_come_back(her):
    page = her.get("/people")
    assert heading_of(page) == "The coordinator is looking for someone"
    assert "Monday, November 30" in page.text


def test_when_both_said_yes_the_way_leads_to_the_two_of_them(her, app):
    (card,) = show_people(app, her, "Dee")
    her.send("/people", pick=str(card))
    supporter = supporter_of(app, "Dee")
    with app.app_context(), transaction() as session:
        pair = offers.accept_proposal(session, supporter, card, now=clock.now()).id
    assert her.get("/people").location.endswith("/questions/state")
    assert f'href="/together/{pair}"' in her.get("/questions/state").text


def test_another_woman_sees_none_of_it(cards, sign_in_as):
    other = sign_in_as()
    assert other.get("/people").location.endswith("/questions/state")
    answer = other.send("/people", pick=str(cards[0]))
    assert (answer.status_code, answer.location) == (303, "/people")


def test_the_page_is_small_and_asks_the_database_little(her, app, cards):
    with statements(app) as said:
        page = her.get("/people")
    assert len(page.data) < 45_000
    assert len(said) <= 12, said


def test_a_french_page_has_no_english_left(her, app):
    show_people(app, her, "Dee", "Noor")
    her.send("/language", language="fr", back="/people")
    words = words_of(her.get("/people")).split("Aide")[0].replace("and I like tea", "")
    assert not re.search(r"\b(the|your|you|and|first|choose)\b", words, re.IGNORECASE)
