"""She changes her mind: none of these and what should differ, a card passed by in silence, the asking taken back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.pages.women import chosen_in, heading_of
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import AuditRecord, NoneOfThese, Proposal, Request, Supporter

LATER = "You keep your place"
BY_MISTAKE = "I tapped by mistake"


@pytest.fixture
def story(app) -> Story:
    return Story(app)


@pytest.fixture
def three(story):
    """Berta, her browser, and three supporters whom she is shown."""
    people = [story.supporter(name) for name in ("Dee", "Noor", "Ana")]
    woman = story.woman("Berta")
    return woman, story.browser(woman.username), people, story.shown(woman, *people)


def states(story, woman):
    with story.app.app_context(), transaction() as session:
        found = select(Proposal.state).where(Proposal.request_id == woman.thing_id)
        return session.get_one(Request, woman.thing_id).state, sorted(session.scalars(found))


def since(story, woman):
    with story.app.app_context(), transaction() as session:
        return session.get_one(Request, woman.thing_id).waiting_since


def records(story, *actions):
    with story.app.app_context(), transaction() as session:
        return session.query(AuditRecord).filter(AuditRecord.action.in_(actions)).count()


def test_one_tap_is_enough_and_then_it_is_asked_what_should_differ(story, three):
    woman, her, _, _ = three
    waited = since(story, woman)
    told = her.send("/people", instead="nobody")
    assert told.location == "/people/differs"
    assert states(story, woman) == ("waiting", ["passed by"] * 3)
    assert since(story, woman) == waited
    page = her.get(told.location)
    assert LATER in words_of(page)
    assert chosen_in(page) == []
    assert 'href="/people">Skip' in page.text
    answer = her.send("/people/differs", ticks=["age", "closer"], more="Somebody <b>older</b> than me")
    assert answer.location == "/people"
    assert "The coordinator reads this before she looks again." in words_of(her.get("/people"))
    desk = story.browser().get(f"/desk/requests/{woman.thing_id}")
    assert "What she has lived: closer to mine" in words_of(desk)
    assert "Somebody &lt;b&gt;older&lt;/b&gt; than me" in desk.text
    again = her.get("/people/differs")
    assert len(chosen_in(again)) == 2
    assert "older" in again.text
    with story.app.app_context(), transaction() as session:
        assert b"older" not in session.scalars(select(NoneOfThese)).one().differs_sealed


def test_skipping_says_nothing_and_the_desk_shows_nothing(story, three):
    woman, her, _, _ = three
    her.send("/people", instead="nobody")
    assert LATER in words_of(her.get("/people"))
    assert "What should be different" not in words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))


def test_what_is_too_long_or_too_late_is_given_back(story, three):
    woman, her, _, _ = three
    her.send("/people", instead="nobody")
    long = her.send("/people/differs", more="x" * 501)
    assert long.status_code == 422
    assert "under 500 signs" in words_of(long)
    assert "x" * 501 in long.text
    story.shown(woman, story.supporter("Wren"))
    late = her.send("/people/differs", more="Somebody older")
    assert late.status_code == 409
    assert "Not kept" in words_of(late)
    assert "Somebody older" in late.text
    assert her.get("/people/differs").location == "/people"


def test_what_she_typed_before_her_sign_in_idled_out_stands_there_again_and_is_not_sent(story, three):
    woman, her, _, _ = three
    her.send("/people", instead="nobody")
    clock.move(timedelta(minutes=16))
    assert her.send("/people/differs", ticks=["age"], more="Somebody older").location == "/sign-in?late=kept"
    assert "Somebody older" not in story.browser().get(f"/desk/requests/{woman.thing_id}").text
    her.sign_in(woman.username)
    page = her.get("/people/differs")
    assert "Somebody older" in page.text
    assert len(chosen_in(page)) == 1
    assert her.send("/people/differs", ticks=["age"], more="Somebody older").location == "/people"
    assert "Somebody older" in story.browser().get(f"/desk/requests/{woman.thing_id}").text


def test_for_ten_minutes_a_tap_by_mistake_brings_them_back(story, three):
    woman, her, _, _ = three
    her.send("/people", instead="nobody")
    her.send("/people/differs", more="Never mind")
    assert BY_MISTAKE in words_of(her.get("/people"))
    clock.move(timedelta(minutes=9))
    assert her.send("/people/back").location == "/people"
    assert states(story, woman) == ("proposed", ["shown"] * 3)
    assert "Here they are again." in words_of(her.get("/people"))
    assert "Never mind" not in story.browser().get(f"/desk/requests/{woman.thing_id}").text
    with story.app.app_context(), transaction() as session:
        assert session.scalars(select(NoneOfThese)).all() == []
    assert records(story, "people brought back") == 1


def test_after_ten_minutes_or_once_others_are_shown_it_is_said_that_it_is_too_late(story, three, sign_in_as):
    woman, her, _, _ = three
    her.send("/people", instead="nobody")
    clock.move(timedelta(minutes=11))
    assert BY_MISTAKE not in words_of(her.get("/people"))
    her.send("/people/back")
    assert "They could not be brought back" in words_of(her.get("/people"))
    clock.move(-timedelta(minutes=11))
    story.shown(woman, story.supporter("Wren"))
    her.send("/people/back")
    said = words_of(her.get("/people"))
    assert "They could not be brought back" in said
    assert "Ask Wren" in said
    assert states(story, woman) == ("proposed", ["passed by"] * 3 + ["shown"])


def test_only_those_come_back_who_can_still_take_her(story, three):
    woman, her, people, _ = three
    her.send("/people", instead="nobody")
    with story.app.app_context(), transaction() as session:
        session.get_one(Supporter, people[0].thing_id).state = "on a break"
    her.send("/people/back")
    assert states(story, woman) == ("proposed", ["fell away", "shown", "shown"])


def test_a_card_is_passed_by_in_silence_and_never_returns(story, three):
    woman, her, _people, cards = three
    page = her.get("/people")
    name = re.search(r"<h2>(\w+)</h2>", page.text)[1]
    forms = re.findall(
        r'<form method="post" action="(/people/passed-by)">.*?value="([\w-]+)">([^<]+)</button>', page.text
    )
    assert len(forms) == 6
    of_one = {words: (path, card) for path, card, words in forms if card == str(cards[0])}
    assert len(set(of_one.values())) == 1  # both ways of saying it are the same form
    assert set(of_one) >= {"I may know her"}
    assert f"same quiet no as “Not {name}”" in words_of(page)
    her.send("/people/passed-by", card=str(cards[0]))
    said = words_of(her.get("/people"))
    assert "Her card is gone and does not come back." in said
    assert heading_of(her.get("/people")) == "Two women who could walk with you"
    assert states(story, woman) == ("proposed", ["passed by", "shown", "shown"])
    desk = words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))
    assert "she passed her by" in desk
    assert "know" not in desk.split("Who was suggested")[1].split("Take a card back")[0]
    her.send("/people", instead="nobody")
    her.send("/people/back")
    assert states(story, woman) == ("proposed", ["passed by", "shown", "shown"])
    with story.app.app_context(), transaction() as session:
        codes = {one.code for one in session.query(AuditRecord).filter_by(action="proposal passed by")}
        assert codes == {None}
        assert session.query(Supporter).count() == 3


def test_her_only_card_passed_by_leads_on_as_none_of_these_does(story):
    woman, dee = story.woman("Berta"), story.supporter("Dee")
    (card,) = story.shown(woman, dee)
    her = story.browser(woman.username)
    assert her.send("/people/passed-by", card=str(card)).location == "/people/differs"
    assert states(story, woman) == ("waiting", ["passed by"])
    assert LATER in words_of(her.get("/people/differs"))


@pytest.mark.parametrize("card", ["", "nonsense", "5f0c7b1e-0000-4000-8000-000000000000"])
def test_a_card_that_is_gone_is_said(story, three, card):
    woman, her, _, _ = three
    her.send("/people/passed-by", card=card)
    assert "Nothing was changed, because the cards have changed" in words_of(her.get("/people"))
    assert states(story, woman)[1] == ["shown"] * 3


def test_the_asking_is_taken_back_in_one_step(story, three):
    woman, her, (dee, *_), cards = three
    her.send("/people", pick=str(cards[0]))
    hers = story.browser(dee.username)
    assert "Berta" in words_of(hers.get("/offers"))
    assert "You can take the asking back until she answers." in words_of(her.get("/people"))
    assert her.send("/people/unask").location == "/people"
    page = her.get("/people")
    assert "She is not asked any more" in words_of(page)
    assert heading_of(page) == "Three women who could walk with you"
    assert "Ask Dee" in words_of(page)
    assert "Berta" not in words_of(hers.get("/offers"))
    over = hers.send(f"/offers/{cards[0]}/accept")
    assert over.status_code == 409
    assert "she has changed her mind" in words_of(over)
    assert states(story, woman) == ("proposed", ["shown"] * 3 + ["withdrawn"])
    her.send("/people", pick=re.search(r'value="([\w-]+)">Ask Dee<', page.text)[1])
    assert heading_of(her.get("/people")) == "We have asked Dee"
    assert "Berta" in words_of(hers.get("/offers"))
    assert records(story, "proposal withdrawn") == 1


def test_who_was_asked_and_cannot_any_more_is_not_laid_back(story, three):
    woman, her, (dee, *_), cards = three
    her.send("/people", pick=str(cards[0]))
    with story.app.app_context(), transaction() as session:
        session.get_one(Supporter, dee.thing_id).state = "on a break"
    her.send("/people/unask")
    assert states(story, woman) == ("proposed", ["fell away", "shown", "shown"])
    assert "Dee cannot take on someone right now." in words_of(her.get("/people"))


def test_too_late_to_take_it_back_leads_to_the_two_of_them(story, three):
    _, her, (dee, *_), cards = three
    her.send("/people", pick=str(cards[0]))
    pair = story.browser(dee.username).send(f"/offers/{cards[0]}/accept").location
    for path, fields in (
        ("/people/unask", {}),
        ("/people", {"pick": str(cards[1])}),
        ("/people", {"instead": "nobody"}),
    ):
        answer = her.send(path, **fields)
        assert answer.location == pair
        assert "because she has said yes already: you two are introduced." in words_of(her.get(pair))


def test_two_tabs_with_opposite_choices_say_which_one_counted(story, three):
    woman, her, _, cards = three
    her.send("/people", pick=str(cards[0]))
    before = states(story, woman)
    for path, fields in (
        ("/people", {"pick": str(cards[1])}),
        ("/people", {"instead": "nobody"}),
        ("/people", {"instead": "choose_for_me"}),
        ("/people/passed-by", {"card": str(cards[1])}),
    ):
        her.send(path, **fields)
        assert "Nothing was changed, because we have asked Dee already." in words_of(her.get("/people"))
    assert states(story, woman) == before
    her.send("/people", pick=str(cards[0]))
    assert "Nothing was changed" not in words_of(her.get("/people"))


def test_a_choice_from_cards_that_are_gone_is_said(story, three):
    woman, her, _, cards = three
    her.send("/people", instead="nobody")
    her.send("/people", instead="nobody")
    assert "Nothing was changed" not in words_of(her.get("/people"))
    for path, fields in (("/people", {"pick": str(cards[0])}), ("/people/unask", {})):
        her.send(path, **fields)
        assert "because the cards have changed since you opened that page." in words_of(her.get("/people"))
    her.send("/questions/withdraw")
    her.send("/people", pick=str(cards[0]))
    assert "because your request is taken back." in words_of(her.get("/questions/state"))
    her.send("/questions/withdraw")
    assert "it is taken back already" in words_of(her.get("/questions/state"))
    assert states(story, woman)[1] == ["passed by"] * 3


def test_the_state_page_and_the_page_of_the_cards_say_the_same(story, three):
    _, her, _, cards = three
    assert heading_of(her.get("/questions/state")) == "There are women for you to meet"
    her.send("/people", pick=str(cards[0]))
    assert heading_of(her.get("/questions/state")) == heading_of(her.get("/people")) == "We have asked Dee"
    assert "women for you to meet" not in words_of(her.get("/questions/state"))


def test_choose_for_me_says_the_order_and_keeps_it(story, three):
    _, her, people, _ = three
    said = words_of(her.get("/people"))
    order = re.search(r"“Choose for me”: we ask them one after another, .*?: ([^.]+)\.", said)[1].split(", ")
    assert sorted(order) == ["Ana", "Dee", "Noor"]
    her.send("/people", instead="choose_for_me")
    by_name = dict(zip(("Dee", "Noor", "Ana"), people, strict=True))
    for name in order:
        assert heading_of(her.get("/people")) == f"We have asked {name}"
        hers = story.browser(by_name[name].username)
        offer = re.search(r"/offers/([\w-]{36})", hers.get("/offers").text)[1]
        hers.send(f"/offers/{offer}/decline")
    assert heading_of(her.get("/people")) == "The coordinator is looking for someone"


def test_nobody_else_says_or_takes_back_anything_of_hers(story, three):
    woman, her, _, cards = three
    other = story.browser(story.woman("Else").username)
    her.send("/people", pick=str(cards[0]))
    before = states(story, woman)
    for path in ("/people/unask", "/people/back", "/people/differs", "/people/passed-by"):
        assert other.send(path, card=str(cards[1]), more="x").status_code in (303, 409)
    assert states(story, woman) == before
