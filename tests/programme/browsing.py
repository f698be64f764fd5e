"""A browser for tests: it keeps cookies, says where it comes from, and sends the hidden field of its forms."""

import re
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update
from werkzeug.test import TestResponse

from seeds.load import SECRET
from webapp.extensions import transaction
from webapp.models import OneTimeCode
from webapp.security.factors import present_code
from webapp.services import accounts

ORIGIN = "https://localhost"
PASSPHRASE = "river stones are warm in June"


class Browser(FlaskClient):
    """One person's browser. `open` speaks https and names its own site as referrer, as a browser does."""

    user_id: UUID | None = None
    username: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        kwargs.setdefault("base_url", ORIGIN)
        kwargs.setdefault("buffered", True)
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Referer", ORIGIN + "/")
        return super().open(*args, headers=headers, **kwargs)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with the hidden field that a page of this site would have put into it."""
        return self.post(path, data={"csrf_token": self.hidden_field(), **fields})

    def hidden_field(self) -> str:
        """Return a right hidden field for this browser, whether or not it has opened a form already."""
        with self.session_transaction(base_url=ORIGIN) as kept:
            raw = kept.setdefault("csrf_token", "0" * 40)
        signer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        return str(signer.dumps(raw))

    def sign_in(self, username: str, passphrase: str = PASSPHRASE) -> TestResponse:
        """Sign in through the form, and pass the second step where there is one."""
        self.username = username
        answer = self.send("/sign-in", username=username, passphrase=passphrase)
        return self.send("/second-step", code=self.next_code()) if answer.location == "/second-step" else answer

    def next_code(self) -> str:
        """Return a code that fits, whenever one was used last: tests sign in more often than every half minute."""
        with self.application.app_context(), transaction() as session:
            user = accounts.find_user(session, self.username or "")
            session.execute(update(OneTimeCode).where(OneTimeCode.user_id == user.id).values(last_counter=None))
        return present_code(SECRET)[0]

    def begin(self, passphrase: str = PASSPHRASE, again: str | None = None, **more: str) -> TestResponse:
        """Open an account under the name that the page offers."""
        offered = field_in(self.get("/begin"), "offered")
        self.username = URLSafeTimedSerializer(self.application.secret_key, salt="offered-name").loads(offered)
        again = passphrase if again is None else again
        return self.send("/begin", offered=offered, passphrase=passphrase, again=again, **more)

    def token(self) -> str | None:
        """Return the token of this browser's sign-in."""
        with self.session_transaction(base_url=ORIGIN) as kept:
            return kept.get("sign_in")


def field_in(page: TestResponse, name: str) -> str:
    """Return what a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def words_of(response: TestResponse) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())
