"""Every response carries the headers, refusals and failures too; static files alone may be kept."""

import pytest

from tests.programme.databases import settings_for
from webapp import create_app
from webapp.security.headers import ALWAYS, LARGEST_REQUEST

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def check(response, *, kept=False):
    for name, value in ALWAYS.items():
        assert response.headers.getlist(name) == [value]
    assert response.headers["Content-Security-Policy"] == CONTENT_POLICY
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Strict-Transport-Security"].startswith("max-age=")
    assert kept or response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/help", "/no-such-page", "/account", "/leave", "/static/none.css"])
def test_every_answer_to_a_visitor_carries_them(client, path):
    check(client.get(path))


def test_every_refusal_carries_them(app, client, sign_in_as):
    check(client.post("/sign-in"))
    check(client.put("/sign-in"))
    check(sign_in_as("requester").get("/account"))


def test_a_failure_carries_them_and_tells_nothing(app, client, monkeypatch, caplog):
    said = "her secret words"

    def fail(*_args, **_kwargs):
        raise RuntimeError(said)

    monkeypatch.setitem(app.view_functions, "accounts.show_sign_in", _declared(app, fail))
    app.testing = False
    answer = client.get("/sign-in?word=hers")
    assert answer.status_code == 500
    check(answer)
    assert said not in answer.text + caplog.text
    assert "word=hers" not in caplog.text
    assert "RuntimeError in accounts.show_sign_in" in caplog.text


def _declared(app, view):
    view.action = app.view_functions["accounts.show_sign_in"].action
    return view


def test_a_failure_has_a_page_even_when_pages_fail(app, client, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("webapp.security.refusals.render_template", fail)
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    check(answer)


def test_a_request_that_is_too_large_is_refused(client):
    answer = client.post("/sign-in", data={"username": "a" * (LARGEST_REQUEST + 1)})
    assert answer.status_code == 413
    check(answer)


def test_a_wrong_method_names_the_right_one(client):
    answer = client.get("/language")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_static_files_are_kept_for_a_year_only_by_their_hash(client):
    path = next(
        part.split('"')[0] for part in client.get("/sign-in").text.split('href="')[1:] if part.startswith("/static/")
    )
    assert "?v=" in path
    answer = client.get(path)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    check(answer, kept=True)
    for other in (path.split("?")[0], path.split("?")[0] + "?v=other"):
        assert "immutable" not in client.get(other).headers["Cache-Control"]


def test_static_files_need_no_session(client):
    path = next(
        part.split('"')[0] for part in client.get("/sign-in").text.split('href="')[1:] if part.startswith("/static/")
    )
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_page_does_not_rewrite_the_cookie_without_need(client, sign_in_as):
    client.get("/sign-in")
    assert "Set-Cookie" not in client.get("/sign-in").headers
    browser = sign_in_as("requester")
    browser.get("/account")
    assert "Set-Cookie" not in browser.get("/account").headers


def test_without_https_the_cookie_and_the_headers_say_so(on_sqlite, tmp_path):
    app = create_app(settings_for(on_sqlite.ready(), tmp_path, https=False))
    answer = app.test_client().get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("session=")
