"""A pair on whose pages something can be told."""

import pytest

from tests.pages.story import Story
from tests.pages.women import turn_clock


@pytest.fixture
def story(app) -> Story:
    turn_clock()
    return Story(app)


@pytest.fixture
def pair(story):
    return story.pair()
