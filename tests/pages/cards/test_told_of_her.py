"""What the other is told of a woman: exactly what the one sentence says, and how to speak with her."""

import re

import pytest

from matcher import load_questionnaire
from tests.architecture.house import ROOT
from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp.extensions import transaction
from webapp.models import Proposal, Request
from webapp.services import matching

SHORT = "A supporter who is asked reads a few of them, never how to reach you."
FULL = "A supporter who is asked reads this of you, and nothing else:"
ALL_OF_IT = {
    "pronouns": "she and they", "not_now": "grief; housing_or_money", "topics": "alcohol*; loneliness",
    "topics_other": "my sister in Wawa", "stage": "just_starting", "ways": "twelve_step", "support_kind": "listening",
    "life_now": "teens", "age_group": "age_35_44", "wishes": "same_faith=nice", "about_me": "mother",
    "culture": "southern_european", "faith": "christian", "rural": "yes", "town": "Kapuskasing",
    "not_with": "Berthold from Moosonee", "interests": "gardening", "hope": "one dry week",
    "access_needs": "large print", "code_word": "purple lantern",
}  # fmt: skip
"""An answer to every question that tells something of her."""
OF_THE_PAIR = {"modes": "site_messages; phone", "languages": "en; fr", "availability": "Mon 18:00-22:00"}
SECRETS = (
    "loneliness", "sister", "Wawa", "just starting", "12 steps", "teenagers", "35 to 44", "mother", "Italian",
    "Christian", "Kapuskasing", "Berthold", "dry week", "large print", "lantern",
)  # fmt: skip
TOLD = {"topics", "support_kind", "interests", "languages", "modes", "availability"}


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def offered(story: Story):
    """Claire, who answered everything, and Dee, who is asked for her."""
    claire = story.woman("Claire", **OF_THE_PAIR, **ALL_OF_IT)
    dee = story.supporter("Dee", pronouns="they", town="Windsor", **OF_THE_PAIR)
    return claire, dee, story.offered(claire, dee)


def test_a_supporter_reads_her_pronouns_and_what_to_leave_out_before_and_after_her_yes(story):
    claire, dee, offer = offered(story)
    browser = story.browser(dee.username)
    left_out = "She would rather not talk about this: grief or loss and housing or money stress."
    before = words_of(browser.get(f"/offers/{offer}"))
    assert "Pronouns: she and they" in before
    assert left_out in before
    pair = browser.send(f"/offers/{offer}/accept").location
    after = words_of(browser.get(pair))
    assert "Pronouns: she and they" in after
    assert left_out in after
    hers = words_of(story.browser(claire.username).get(pair))
    assert "Pronouns: they" in hers
    assert "would rather not" not in hers.split("Who sees what")[0]


def test_a_supporter_s_pronouns_stand_on_her_card(story):
    claire, dee = story.woman("Claire"), story.supporter("Dee", pronouns="they")
    ana = story.supporter("Ana")
    story.shown(claire, dee, ana)
    cards = words_of(story.browser(claire.username).get("/people"))
    assert cards.count("Pronouns:") == 1
    assert "Pronouns: they" in cards


def test_where_she_answered_neither_nothing_is_said(story):
    claire, dee = story.woman("Claire"), story.supporter("Dee")
    page = words_of(story.browser(dee.username).get(f"/offers/{story.offered(claire, dee)}"))
    assert "Pronouns" not in page
    assert "would rather not" not in page
    assert claire


def test_both_are_found_by_their_role_and_nothing_else_is_told_by_it(story):
    asked = load_questionnaire()
    left_out = asked.of_role("left_out", "requester")
    assert left_out is not None
    assert asked.of_role("avoided", "requester") is not left_out
    claire, dee, offer = offered(story)
    page = words_of(story.browser(dee.username).get(f"/offers/{offer}"))
    assert not re.search("Berthold|Moosonee", page), "whom she avoids is told to no supporter"
    assert claire


def test_a_supporter_reads_what_the_one_sentence_names_and_nothing_else(story):
    _, dee, offer = offered(story)
    browser = story.browser(dee.username)
    before = words_of(browser.get(f"/offers/{offer}"))
    pair = browser.send(f"/offers/{offer}/accept").location
    for page in (before, words_of(browser.get(pair)).split("Who sees what")[0]):
        for told in ("Claire", "She would like support with: alcohol.", "listening", "gardening", "French"):
            assert told in page, told
        for secret in SECRETS:
            assert secret not in page, secret


def test_what_is_told_of_her_answers_is_what_the_sentence_lists(story):
    offered(story)
    with story.app.app_context(), transaction() as session:
        proposal = session.query(Proposal).one()
        told = {message["values"]["question"] for message in matching.told_to("supporter", proposal)}
        assert session.query(Request).one().name == "Claire"
    assert told == TOLD


def test_without_a_star_nothing_of_what_brings_her_here_is_told(story):
    claire, dee = story.woman("Claire", topics="alcohol; grief"), story.supporter("Dee")
    page = words_of(story.browser(dee.username).get(f"/offers/{story.offered(claire, dee)}"))
    assert "alcohol" not in page
    assert "grief" not in page
    assert claire


def test_she_reads_the_same_sentence_wherever_it_is_said(story):
    claire, dee = story.woman("Claire"), story.supporter("Dee")
    her = story.browser(claire.username)
    pages = ["/questions/sent", "/questions/limits", "/questions/state", "/coordinator", "/how-to-reach-me"]
    assert all(SHORT in words_of(her.get(path)) for path in pages)
    story.offered(claire, dee)
    assert FULL in words_of(her.get("/people"))
    assert FULL in words_of(story.app.test_client().get("/before"))


def test_one_file_alone_says_who_reads_her_answers():
    claims = "who is asked reads", "[Cc]oordinators? reads? (none|your answers)", "she reads your answers"
    says = re.compile(rf'_\("[^"]*({"|".join(claims)})')
    named = [path for path in (ROOT / "webapp").rglob("*.html") if says.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in named] == ["who_reads.html"]
