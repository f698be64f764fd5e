"""A form arrives whole or nothing of it is kept; one that is too large is refused before it is read."""

import io

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.pages.women import begin
from tests.programme.browsing import ORIGIN
from webapp.extensions import db
from webapp.security.headers import LARGEST_REQUEST

NAME = "Claire of the long evenings"


@pytest.fixture
def woman(sign_in_as):
    return begin(sign_in_as(), "start")


def sent(app, browser, path, body, announced, **environ):
    """Send a body as a server hands it over, and return the answer's status and text."""
    cookie = "; ".join(f"{one.key}={one.value}" for one in browser._cookies.values())
    builder = EnvironBuilder(path, ORIGIN, method="POST", input_stream=io.BytesIO(body))
    headers = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_COOKIE": cookie, "HTTP_REFERER": ORIGIN + "/"}
    length = {"CONTENT_LENGTH": str(announced)} if announced is not None else {}
    whole = {**builder.get_environ(), **headers, **length, **environ}
    pages, status, _ = run_wsgi_app(app, whole, buffered=True)
    return int(status.split()[0]), b"".join(pages).decode()


def form_of(browser):
    token = browser.hidden_field()
    return f"csrf_token={token}&q-adult=yes&q-name={NAME.replace(' ', '+')}".encode()


@pytest.mark.parametrize("ended", [{}, {"wsgi.input_terminated": True}], ids=["limited", "as gunicorn hands it over"])
@pytest.mark.parametrize("missing", [1, 10, 40])
def test_a_form_cut_off_on_its_way_is_refused_and_nothing_of_it_is_kept(app, woman, ended, missing):
    body = form_of(woman)
    before = everything(app)
    status, page = sent(app, woman, "/questions/start", body[:-missing], len(body), **ended)
    assert status == 400
    assert "<h1" in page
    assert everything(app) == before


def test_a_whole_form_is_kept(app, woman):
    body = form_of(woman)
    before = everything(app)
    assert sent(app, woman, "/questions/start", body, len(body))[0] == 303
    assert everything(app) != before


class Untouched(io.RawIOBase):
    def read(self, *_size):
        raise AssertionError("read before it was refused")

    readinto = readline = readlines = read


@pytest.mark.parametrize("ended", [{}, {"wsgi.input_terminated": True}], ids=["limited", "as gunicorn hands it over"])
def test_a_form_too_large_is_refused_before_it_is_read(app, woman, ended):
    untouched = {"wsgi.input": Untouched(), **ended}
    status, page = sent(app, woman, "/questions/start", b"", LARGEST_REQUEST + 1, **untouched)
    assert status == 413
    assert "<h1" in page


def test_a_form_too_large_that_does_not_say_so_is_refused_too(app, woman):
    body = b"q-name=" + b"x" * (LARGEST_REQUEST + 1)
    status, _ = sent(app, woman, "/questions/start", body, None, **{"wsgi.input_terminated": True})
    assert status == 413


def test_a_connection_that_breaks_while_a_form_is_read_is_no_failure_of_ours(app, woman):
    class Broken(io.RawIOBase):
        def read(self, *_size):
            raise ConnectionResetError

        readinto = readline = read

    status, _ = sent(app, woman, "/questions/start", b"", 100, **{"wsgi.input": Broken()})
    assert status == 400


def everything(app):
    with app.app_context(), db.engine.connect() as connection:
        tables = sorted(db.metadata.tables)
        return {name: str(connection.exec_driver_sql(f"SELECT * FROM {name}").all()) for name in tables}


def test_a_file_that_nobody_asked_for_is_never_written_to_a_disk(app):
    kind, body = (
        "multipart/form-data; boundary=line",
        b'--line\r\nContent-Disposition: form-data; name="a"; filename="b"',
    )
    with app.test_request_context(
        "/", method="POST", data=body + b"\r\n\r\nx\r\n--line--\r\n", content_type=kind
    ) as page:
        assert isinstance(page.request.files["a"].stream, io.BytesIO)
