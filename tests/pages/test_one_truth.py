"""Where she stands is said alike by every page of hers, in every state of a request, with one day to come back on."""

import re
from datetime import timedelta

import pytest

from tests.pages.story import Story
from tests.pages.women import heading_of
from tests.programme.browsing import words_of
from tests.programme.fixtures import open_account
from webapp import clock
from webapp.domain.access import Role
from webapp.extensions import transaction
from webapp.jobs import late_requests
from webapp.models import Introduction, Supporter

HERS = ("/next", "/questions/sent", "/questions/state", "/people")
LOOKS, ASKED, TOGETHER = "The coordinator is looking for someone", "We have asked Dee", "You and Dee"
CARDS = ("There are women for you to meet", "Two women who could walk with you")
BEGIN = ("What is next", "Begin when you are ready")
RESTS = "Your conversation rests while we look at something. Nothing is expected of you."
GONE_ON = "We go on from here. Please look in again in an hour."


@pytest.fixture
def story(app) -> Story:
    return Story(app)


class Told:
    """A woman, her two supporters, and what her pages say."""

    def __init__(self, story: Story) -> None:
        self.story, self.dee, self.ana = story, story.supporter("Dee"), story.supporter("Ana")
        self.woman = story.woman("Claire")

    @property
    def her(self):
        return self.story.browser(self.woman.username)

    def pages(self):
        """Every page that says where she stands, wherever it leads."""
        her = self.her
        return {path: her.get(path, follow_redirects=True) for path in HERS}

    def offered(self):
        return self.story.offered(self.woman, self.dee, self.ana)

    def introduced(self):
        return self.story.introduced(self.woman, self.dee)


def days_of(page) -> set[str]:
    return set(re.findall(r"Come back on ([^.]+)\.", words_of(page)))


def agree(pages, *headings: str, days: int, says: str = "", never: str = "") -> None:
    """Each page has one of the headings, all name the same day (or none does), all say a sentence and none another."""
    assert {heading_of(page) for page in pages.values()} <= set(headings)
    named = [days_of(page) for page in pages.values()]
    assert all(one == named[0] for one in named), named
    assert len(named[0]) == days
    assert not says or all(says in words_of(page) for page in pages.values())
    assert not never or not any(never in words_of(page) for page in pages.values())


def later(**time) -> None:
    clock.move(timedelta(**time))


def test_before_she_sends_all_lead_to_the_beginning_and_nobody_has_read_anything(story):
    open_account(story.app, "w-new", Role.REQUESTER)
    new = story.browser("w-new")
    pages = {path: new.get(path, follow_redirects=True) for path in HERS}
    agree(pages, *BEGIN, days=0, never=LOOKS)
    new.send("/questions")
    drafted = {path: new.get(path, follow_redirects=True) for path in HERS}
    agree(drafted, "Your questions are waiting for you", "Your answers are kept", days=0, never=LOOKS)


def test_while_she_waits_every_page_names_one_day(story):
    agree(Told(story).pages(), LOOKS, days=1, never="taking longer")


def test_when_it_is_late_every_page_says_so_and_names_the_next_day(story):
    told = Told(story)
    later(days=20)
    agree(told.pages(), LOOKS, days=0, says="It is taking longer, and that is not because of you.")
    with story.app.app_context():
        late_requests.run(clock.now())
    agree(told.pages(), LOOKS, days=1, says="It is taking longer, and that is not because of you.")


def test_shown_people_every_page_says_that_she_chooses(story):
    told = Told(story)
    story.shown(told.woman, told.dee, told.ana)
    agree(told.pages(), *CARDS, days=0, never=LOOKS)


def test_once_one_is_asked_every_page_says_who_and_until_when(story):
    told = Told(story)
    told.offered()
    agree(told.pages(), ASKED, days=1, never="women for you to meet")


def test_past_her_two_days_every_page_says_that_it_goes_on(story):
    told = Told(story)
    told.offered()
    later(hours=49)
    agree(told.pages(), ASKED, days=0, says=GONE_ON, never="take the asking back")


def test_where_nobody_on_her_cards_can_any_more_every_page_says_that_the_coordinator_looks(story):
    told = Told(story)
    story.shown(told.woman, told.dee)
    with story.app.app_context(), transaction() as session:
        session.get_one(Supporter, told.dee.thing_id).state = "on a break"
    agree(told.pages(), LOOKS, days=1, says="It did not come to a meeting this time", never="women for you to meet")


def test_together_every_page_says_with_whom(story):
    told = Told(story)
    told.introduced()
    agree(told.pages(), TOGETHER, days=0, never=LOOKS)


@pytest.mark.parametrize("state", ["in contact", "paused", "on hold", "ending"])
def test_of_a_pair_both_read_alike_on_every_page(story, state):
    told = Told(story)
    pair = told.introduced()
    with story.app.app_context(), transaction() as session:
        session.get_one(Introduction, pair).state = state
    theirs = {"/offers": story.browser(told.dee.username).get("/offers")}
    says = {"paused": "takes? a pause", "on hold": RESTS, "ending": "You two are saying goodbye."}.get(state, "")
    agree(told.pages(), TOGETHER, days=0, never=LOOKS)
    for page in (*told.pages().values(), *theirs.values()):
        assert re.search(says, words_of(page))


def test_a_request_that_rests_is_said_to_rest_and_her_answers_can_be_changed(story):
    told = Told(story)
    told.her.send("/questions/rest")
    agree(told.pages(), "Your request is resting", days=0, says="Nothing happens until you want it to.")
    assert "You can still change your answers." in words_of(told.her.get("/questions/summary"))
    assert told.her.send("/questions/hope?then=summary", **{"q-hope": "rest"}).status_code == 303


@pytest.mark.parametrize(
    ("then", "headings", "days"),
    [("another", (LOOKS,), 1), ("rest", ("Your request is resting",), 0), ("done", BEGIN, 0)],
)
def test_after_an_end_every_page_says_what_she_chose(story, then, headings, days):
    told = Told(story)
    pair = told.introduced()
    assert told.her.send(f"/together/{pair}/end", then=then).status_code == 303
    agree(told.pages(), *headings, days=days, never=TOGETHER)


def test_a_request_that_was_taken_back_is_at_the_beginning_again(story):
    told = Told(story)
    told.her.send("/questions/withdraw")
    agree(told.pages(), *BEGIN, days=0, never=LOOKS)
