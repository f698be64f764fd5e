"""Whatever ends a sign-in, its old cookie is dead, and both limits hold to the second."""

import pytest

from tests.security.signing_in.ended_sign_ins import ENDS, at_the_limits, dead_after, roles_of
from webapp.domain.access import Role


@pytest.mark.parametrize("name", ENDS)
def test_an_old_cookie_is_dead(app, name):
    assert [wrong for role in roles_of(name) for wrong in dead_after(app, role, name)] == []


@pytest.mark.parametrize("role", Role, ids=str)
def test_both_limits_hold_to_the_second(app, role):
    assert [what for what, is_right in at_the_limits(app, role) if not is_right] == []
