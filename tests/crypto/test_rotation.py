"""The key changes under life: the resealing is killed and goes on, the old key leaves, nothing is lost."""

from datetime import timedelta

import pytest

from tests.crypto import rotating
from tests.programme.databases import KEYS
from webapp import clock
from webapp.commands import keys as key_commands
from webapp.config import BadKeys


def test_a_rotation_that_is_killed_and_resumed_loses_nothing():
    count = rotating.prove(long=False)
    assert count.failures == 0, count.note


def test_a_key_in_use_an_unknown_one_and_one_just_replaced_cannot_be_dropped():
    new = KEYS.with_new_key(clock.now())
    with pytest.raises(BadKeys, match="is in use"):
        key_commands._refuse_to_drop(new, 2, False)
    with pytest.raises(BadKeys, match="There is no key 9"):
        key_commands._refuse_to_drop(new, 9, False)
    with pytest.raises(BadKeys, match="ten minutes"):
        key_commands._refuse_to_drop(new, 1, False)
    key_commands._refuse_to_drop(KEYS.with_new_key(clock.now() - timedelta(minutes=11)), 1, False)


def test_there_is_no_key_beyond_the_last_number():
    full = KEYS
    for _ in range(254):
        full = full.with_new_key(clock.now())
    with pytest.raises(BadKeys, match="above 255"):
        full.with_new_key(clock.now())
