"""Every route of the site, tried by twelve people in every method, against the one table in table.py."""

import pytest

from tests.security.doors.table import DOORS, Who
from tests.security.doors.tried import Tried, rows_and_routes_apart, try_all_alone


@pytest.fixture(scope="module")
def tried() -> Tried:
    return try_all_alone()


def test_every_route_has_a_row_and_every_row_a_route(app):
    assert rows_and_routes_apart(app) == []


def test_a_route_without_a_row_is_seen(app):
    app.add_url_rule("/stray", "stray", lambda: "", methods=["POST"])
    assert rows_and_routes_apart(app) == ["stray POST"]


def test_every_door_lets_through_whom_it_should_and_nobody_else(tried, request):
    request.node.user_properties += tried.figures().items()  # record_property warns beside --junitxml
    assert tried.wrong == []


def test_everybody_was_at_every_route(tried):
    assert {cell[-3] for cell in tried.cells} == set(Who)
    assert len(tried.cells) > len({(door.endpoint, door.method) for door in DOORS}) * len(Who) * 5
