"""Nobody learns from the site whether a name exists; D6 of the proofs compares more of them, and their times."""

import pytest
from sqlalchemy import event

from tests.security.attacks.known_and_unknown import DOORS, SURE, chance_of, compare, open_accounts, seen
from webapp.extensions import db


@pytest.mark.parametrize("door", DOORS)
def test_the_answer_is_the_same_for_names_that_exist_and_that_do_not(app, door):
    open_accounts(app, 12)
    differing, _ = compare(app, door, 12)
    assert differing == 0


def test_the_test_of_times_tells_apart_what_differs():
    assert chance_of([1.0 + n / 1000 for n in range(50)], [1.05 + n / 1000 for n in range(50)]) < SURE
    assert chance_of([1.0 + n / 1000 for n in range(50)], [1.0005 + n / 1000 for n in range(50)]) > SURE


@pytest.mark.parametrize("door", DOORS)
def test_a_name_that_exists_asks_the_database_no_more_than_one_that_does_not(app, door):
    open_accounts(app, 1)
    browser, asked = app.test_client(), []
    seen(browser, door, "somebody", "192.0.2.1")
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    counts = []
    for number, name in enumerate(("known000", "other000")):
        asked.clear()
        seen(browser, door, name, f"10.0.{number}.1")
        counts.append(len(asked))
    assert counts[0] == counts[1]
