"""Nobody learns from the site whether a name exists; D6 of the proofs compares more of them, and their times."""

import pytest

from tests.security.known_and_unknown import DOORS, SURE, chance_of, compare, open_accounts


@pytest.mark.parametrize("door", DOORS)
def test_the_answer_is_the_same_for_names_that_exist_and_that_do_not(app, door):
    open_accounts(app, 12)
    differing, _ = compare(app, door, 12)
    assert differing == 0


def test_the_test_of_times_tells_apart_what_differs():
    assert chance_of([1.0 + n / 1000 for n in range(50)], [1.05 + n / 1000 for n in range(50)]) < SURE
    assert chance_of([1.0 + n / 1000 for n in range(50)], [1.0005 + n / 1000 for n in range(50)]) > SURE
