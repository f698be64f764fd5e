"""A small programme on a Monday morning: on SQLite, or on either database."""

import pytest

from tests.pages.story import Story
from tests.threads.reading import MONDAY
from webapp import clock


@pytest.fixture
def story(app):
    clock.move(MONDAY - clock.now())
    return Story(app)


@pytest.fixture
def either(on_either):
    clock.move(MONDAY - clock.now())
    return Story(on_either)
