"""A form from elsewhere changes nothing, on every route that takes one."""

import pytest

from tests.security.doors.test_guard import filled, rules_of
from webapp.domain.access import Actor, Role, may_try
from webapp.security import guard


def test_the_protection_is_on(app):
    assert app.config["WTF_CSRF_ENABLED"]
    assert app.config["WTF_CSRF_CHECK_DEFAULT"]
    assert app.extensions["csrf"]._exempt_views == set()
    assert app.extensions["csrf"]._exempt_blueprints == set()


@pytest.mark.parametrize("role", Role, ids=str)
def test_no_form_is_taken_without_its_hidden_field(app, sign_in_as, role):
    browser = sign_in_as(role)
    actor = Actor(browser.user_id, frozenset({role}))
    posts = [rule for rule in rules_of(app) if "POST" in rule.methods]
    assert posts
    for rule in posts:
        if may_try(actor, guard.action_of(app, rule.endpoint)):
            assert browser.post(filled(rule)).status_code == 400, rule.endpoint
            wrong = browser.post(filled(rule), data={"csrf_token": "wrong"})
            assert wrong.status_code == 400, rule.endpoint
    assert browser.get("/account").status_code == 200


def test_a_hidden_field_of_somebody_else_is_refused(sign_in_as):
    hers, his = sign_in_as("requester"), sign_in_as("requester")
    his.get("/account")
    hers.get("/account")
    assert hers.post("/sign-out", data={"csrf_token": his.hidden_field()}).status_code == 400


FOREIGN = [
    {"Referer": "https://elsewhere.example/"},
    {"Referer": "https://localhost.elsewhere.example/"},
    {"Referer": "http://localhost/"},
    {"Referer": "https://[/"},
    {"Referer": "", "Origin": "https://elsewhere.example"},
    {"Referer": "", "Origin": "null"},
    {"Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Referer": ""},
]
OURS = [
    {"Referer": "https://localhost/about"},
    {"Referer": "", "Origin": "https://localhost"},
    {"Referer": "", "Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Referer": "", "Sec-Fetch-Site": "none"},
    {"Referer": ""},
]
"""The last says nothing at all, as browsers with strict privacy settings do."""


@pytest.mark.parametrize("said", FOREIGN, ids=str)
def test_a_form_from_another_site_is_refused(sign_in_as, said):
    browser = sign_in_as("requester")
    answer = browser.post("/sign-out", data={"csrf_token": browser.hidden_field()}, headers=said)
    assert answer.status_code == 400
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("said", OURS, ids=str)
def test_a_form_of_ours_is_taken_whatever_the_browser_keeps_to_itself(sign_in_as, said):
    browser = sign_in_as("requester")
    field = browser.hidden_field()
    assert browser.post("/sign-out", data={"csrf_token": "wrong"}, headers=said).status_code == 400
    assert browser.post("/sign-out", data={"csrf_token": field}, headers=said).status_code == 303
    assert browser.get("/account").status_code == 303


def test_signing_in_changes_the_hidden_field(client, sign_in_as):
    known = sign_in_as("requester").username
    client.get("/sign-in")
    before = client.hidden_field()
    client.sign_in(known)
    client.get("/account")
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
