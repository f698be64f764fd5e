"""Who may do what: every action, role and relation, and that what is not named is denied."""

from itertools import product
from uuid import uuid4

import pytest

from webapp.domain.access import RULES, VISITOR, Action, Actor, Relation, Role, Standing, Subject, may, may_try

ME, OTHER = uuid4(), uuid4()


def test_every_action_has_a_rule():
    assert set(RULES) == set(Action)


def test_an_action_without_a_rule_is_denied(monkeypatch):
    monkeypatch.delitem(RULES, Action.READ_PUBLIC)
    assert not may_try(VISITOR, Action.READ_PUBLIC)
    assert not may(Actor(ME, frozenset(Role)), Action.READ_PUBLIC, Subject(owner=ME))


@pytest.mark.parametrize(("action", "role"), list(product(Action, [None, *Role])))
def test_a_role_may_try_what_its_rule_names(action, role):
    actor = Actor(ME, frozenset({role})) if role else VISITOR
    assert may_try(actor, action) is (role in RULES[action][0])


@pytest.mark.parametrize("action", [a for a, (_, relation) in RULES.items() if relation is Relation.OWNER])
def test_what_is_owned_is_for_its_owner_alone(action):
    actor = Actor(ME, RULES[action][0] - {None})
    assert may(actor, action, Subject(owner=ME))
    assert not may(actor, action, Subject(owner=OTHER))
    assert not may(actor, action, Subject())


@pytest.mark.parametrize("action", [a for a, (_, relation) in RULES.items() if relation is Relation.PARTY])
def test_what_two_share_is_for_the_two_alone(action):
    actor = Actor(ME, RULES[action][0] - {None})
    assert may(actor, action, Subject(parties=frozenset({ME, OTHER})))
    assert not may(actor, action, Subject(parties=frozenset({OTHER})))


@pytest.mark.parametrize("action", [a for a, (_, relation) in RULES.items() if relation is Relation.STAFF])
def test_nobody_sees_her_own_file_as_staff(action):
    staff = Actor(ME, RULES[action][0] - {None})
    assert may(staff, action, Subject(owner=OTHER))
    assert not may(staff, action, Subject(owner=ME))
    assert not may(staff, action, Subject(parties=frozenset({ME, OTHER})))


@pytest.mark.parametrize("action", [a for a, (roles, _) in RULES.items() if None not in roles])
def test_a_visitor_may_do_nothing_that_needs_a_person(action):
    assert not may(VISITOR, action, Subject(owner=None))


@pytest.mark.parametrize("action", Action)
def test_between_the_two_steps_she_is_a_visitor_who_may_finish(action):
    between = Actor(None, standing=Standing.BETWEEN)
    assert may_try(between, action) is (action is Action.FINISH_SIGN_IN or may_try(VISITOR, action))


@pytest.mark.parametrize("action", Action)
def test_without_the_lock_that_her_role_requires_only_that_lock_and_the_way_out_are_open(action):
    bare = Actor(ME, frozenset({Role.COORDINATOR, Role.REQUESTER}), Standing.BARE)
    allowed = {Action.SIGN_OUT, Action.SEE_FACTORS, Action.CHANGE_FACTORS}
    assert may_try(bare, action) is (action in allowed or may_try(VISITOR, action))


@pytest.mark.parametrize("role", Role)
def test_nobody_who_is_signed_in_may_finish_a_sign_in(role):
    assert not may_try(Actor(ME, frozenset({role})), Action.FINISH_SIGN_IN)
