"""What every test may ask for; and the whole suite on another day: pytest --on 2028-02-29."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.matcher.worlds.markets import each_way
from tests.programme.fixtures import (
    app,
    client,
    database,
    on_either,
    on_postgres,
    on_sqlite,
    settings,
    sign_in_as,
)

__all__ = ["app", "client", "database", "each_way", "on_either", "on_postgres", "on_sqlite", "settings", "sign_in_as"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take a day on which the tests shall believe that they run."""
    parser.addoption(
        "--on", type=datetime.fromisoformat, help="a day, as 2028-02-29; the processes they start stay today"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Run the tests on that day, from this time of the day on."""
    day = session.config.getoption("--on")
    if day is None:
        return (yield)
    now = datetime.now(UTC)
    with time_machine.travel(now.replace(year=day.year, month=day.month, day=day.day), tick=True):
        return (yield)
