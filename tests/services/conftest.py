"""The world of a test, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from tests.programme.databases import Databases
from tests.services.concerned import Pair
from tests.services.worlds import World, begin

POOL = 60


@pytest.fixture
def world(database: Databases) -> Iterator[World]:
    engine = create_engine(database.ready(), pool_size=POOL)
    yield begin(engine)
    engine.dispose()


@pytest.fixture
def pair(world: World) -> Pair:
    """Two who are introduced in it."""
    with world.session() as session, session.begin():
        return Pair(world, session)
