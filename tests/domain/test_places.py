"""A supporter is never asked for more than she said she can hold."""

import pytest

from webapp.domain.places import NoPlaceLeft, give_back, take_one


def test_a_free_place_is_taken_and_given_back():
    assert take_one(1, 2) == 2
    assert give_back(2) == 1
    assert give_back(0) == 0


@pytest.mark.parametrize(("taken", "capacity"), [(2, 2), (3, 2), (0, 0)])
def test_no_place_left_is_refused(taken, capacity):
    with pytest.raises(NoPlaceLeft):
        take_one(taken, capacity)
