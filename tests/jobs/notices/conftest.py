"""A site that sends to a mail server of the test, on either database, at ten on a Monday."""

from datetime import timedelta

import pytest

from tests.jobs.notices.mailing import mail_through
from tests.pages.story import Story
from tests.pages.women import turn_clock
from tests.services.notices.mail_server import mail_server, make_paper
from webapp import clock


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return make_paper(tmp_path_factory.mktemp("paper"))


@pytest.fixture
def server(paper):
    with mail_server(paper=paper) as found:
        yield found


@pytest.fixture
def story(place, server):
    turn_clock()
    clock.stop()
    clock.move(timedelta(0))
    mail_through(place.app, server.settings())
    return Story(place.app)
