"""Nothing is reachable by accident: a route declares its action, and a refusal looks like a page that is not there."""

import pytest

from tests.programme.browsing import words_of
from webapp.domain.access import RULES, VISITOR, Action, Actor, Role, may_try
from webapp.security import guard


def rules_of(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def filled(rule):
    known = {"token": "t", "screen": "x"}
    return rule.rule if not rule.arguments else _fill(rule, known)


def _fill(rule, known):
    path = rule.rule
    for name in rule.arguments:
        value = known.get(name, "00000000-0000-4000-8000-000000000000")
        path = path.replace(f"<uuid:{name}>", value).replace(f"<{name}>", value)
    return path


def test_every_route_declares_an_action(app):
    assert [rule.endpoint for rule in rules_of(app) if guard.action_of(app, rule.endpoint) is None] == []


def test_the_app_does_not_start_with_a_route_that_declares_nothing(app):
    app._got_first_request = False
    app.add_url_rule("/stray", "stray", lambda: "")
    with pytest.raises(RuntimeError, match="stray"):
        guard.check_every_route(app)


def test_get_and_post_are_two_functions(app):
    both = [r.endpoint for r in rules_of(app) if {"GET", "POST"} <= r.methods]
    assert both == []


def test_an_action_without_a_rule_is_denied(monkeypatch):
    monkeypatch.delitem(RULES, Action.SEE_DESK)
    assert not may_try(Actor(None, frozenset(Role)), Action.SEE_DESK)


@pytest.mark.parametrize("who", [None, *Role], ids=str)
def test_every_route_answers_each_role_as_the_rules_say(app, client, sign_in_as, who):
    browser = sign_in_as(who) if who else client
    actor = Actor(browser.user_id, frozenset({who})) if who else VISITOR
    for rule in rules_of(app):
        if may_try(actor, guard.action_of(app, rule.endpoint)):
            continue
        answer = browser.get(filled(rule)) if "GET" in rule.methods else browser.send(filled(rule))
        if who is None:
            assert answer.status_code == 303, rule.endpoint
            assert answer.location == "/sign-in", rule.endpoint
        else:
            missing = browser.get("/no-such-page")
            assert answer.status_code == missing.status_code == 404, rule.endpoint
            assert words_of(answer) == words_of(missing), rule.endpoint


def test_a_head_request_is_guarded_like_a_get(client):
    assert client.head("/account").status_code == 303
    assert client.options("/account").status_code == 404


def test_the_pages_of_the_account_library_are_not_there(client):
    for path in ("/login", "/logout", "/register", "/verify", "/tf-setup", "/us-signin", "/wan-signin"):
        assert client.get(path).status_code == 404
