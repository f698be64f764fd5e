"""A pair at their browsers, on a Monday morning; both can talk here and by phone, Monday evenings."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.pages.story import Person, Story
from tests.pages.women import turn_clock
from tests.programme.browsing import Browser, words_of
from webapp.extensions import transaction

BOTH_WAYS = {"modes": "site_messages; phone", "availability": "Mon 18:00-22:00; Tue 18:00-22:00"}
SAFE = {"safe_hours": "Mon 18:00-20:00"}


@dataclass
class Pair:
    """The two, each with her browser, and the address of their page."""

    story: Story
    id: UUID
    woman: Person
    dee: Person
    hers: Browser
    theirs: Browser

    @property
    def path(self) -> str:
        return f"/together/{self.id}"

    def words(self, browser: Browser, part: str = "") -> str:
        return words_of(browser.get(self.path + part))

    def do(self, act, *args, **values):
        """Do something on the services, in a transaction of its own."""
        with self.story.app.app_context(), transaction() as session:
            return act(session, *args, **values)


def pair_of(app, **hers: str) -> Pair:
    turn_clock()
    story = Story(app)
    dee, woman = story.supporter(**BOTH_WAYS), story.woman(**{**BOTH_WAYS, **SAFE, **hers})
    pair_id = story.introduced(woman, dee)
    return Pair(story, pair_id, woman, dee, story.browser(woman.username), story.browser(dee.username))


def with_another_woman(pair: Pair) -> Pair:
    """Introduce the supporter of a pair to one more woman."""
    story, woman = pair.story, pair.story.woman("Ana", **BOTH_WAYS, **SAFE)
    return Pair(story, story.introduced(woman, pair.dee), woman, pair.dee, story.browser(woman.username), pair.theirs)


@pytest.fixture
def pair(app) -> Pair:
    return pair_of(app)


def forms_in(page: str, ending: str) -> list[str]:
    """Return the addresses of the forms on a page that end like this."""
    return re.findall(rf'action="([^"]*{ending})"', page)
