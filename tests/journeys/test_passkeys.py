"""Passkeys in Chromium with a virtual authenticator, on localhost: an address of numbers is no name for a passkey."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page

from tests.journeys.conftest import NewPage
from tests.journeys.walking import Walker
from tests.programme.fixtures import open_account
from webapp.extensions import transaction
from webapp.models import Passkey, SignIn

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ADD, ALONE, SECOND = (
    "form[action='/account/passkeys']",
    "form[action='/passkey']",
    "form[action='/second-step/passkey']",
)


class Phone:
    """A page with a virtual authenticator of its own."""

    def __init__(self, page: Page, address: str) -> None:
        self.walker = Walker(page, address)
        self.wire: CDPSession = page.context.new_cdp_session(page)
        self.wire.send("WebAuthn.enable", {"enableUI": False})
        self.device = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    @property
    def keys(self) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = self._ask("WebAuthn.getCredentials")["credentials"]
        return held

    def put(self, key: dict[str, Any]) -> None:
        """Put a key into this phone, as a copy would be, instead of its own."""
        self._ask("WebAuthn.clearCredentials")
        self._ask("WebAuthn.addCredential", credential=key)

    def verify(self, is_verified: bool) -> None:
        """Let the owner show her finger, or fail to."""
        self._ask("WebAuthn.setUserVerified", isUserVerified=is_verified)

    def _ask(self, what: str, **more: Any) -> Any:
        return self.wire.send(what, {"authenticatorId": self.device, **more})


@pytest.fixture
def here(site: str) -> str:
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def phone(new_page: NewPage, here: str) -> Callable[[], Phone]:
    return lambda: Phone(new_page(), here)


def kept(app: Flask, kind: type[Any]) -> list[Any]:
    with app.app_context(), transaction() as session:
        rows = session.query(kind).all()
        session.expunge_all()
        return rows


def add(phone: Phone, name: str = "my phone") -> None:
    phone.walker.go("/account/passkeys").write("name", name).press(f"{ADD} button")
    assert "Ten codes for a bad day" in phone.walker.words


def sign_out(phone: Phone) -> None:
    phone.walker.press("form[action='/sign-out'] button")


def test_she_adds_one_and_it_is_her_only_step_then_her_second_one_then_it_is_gone(
    app: Flask, phone: Callable[[], Phone]
) -> None:
    open_account(app, "mara")
    hers = phone()
    hers.walker.sign_in("mara")
    add(hers)
    (key,) = hers.keys
    assert key["isResidentCredential"]
    assert key["rpId"] == "localhost"
    sign_out(hers)
    hers.walker.go("/sign-in").press(f"{ALONE} button")
    assert hers.walker.path == "/next"
    sign_out(hers)
    hers.walker.sign_in("mara")
    assert hers.walker.path == "/second-step"
    hers.walker.press(f"{SECOND} button")
    assert hers.walker.path == "/next"
    assert {row.proof for row in kept(app, SignIn)} >= {"passkey", "passphrase and passkey"}
    hers.walker.go("/account/locks").press("form[action$='/remove'] button")
    assert kept(app, Passkey) == []
    sign_out(hers)
    hers.walker.go("/sign-in").press(f"{ALONE} button")
    assert "This passkey was not taken" in hers.walker.words


def test_a_coordinator_sets_hers_up_on_her_first_day(app: Flask, phone: Callable[[], Phone]) -> None:
    from webapp.domain.access import Role

    open_account(app, "noor", Role.COORDINATOR, locked=False)
    hers = phone()
    hers.walker.sign_in("noor")
    assert hers.walker.path == "/account/locks"
    add(hers)
    hers.walker.press("main a[href='/next']")
    assert hers.walker.path == "/desk"


def test_the_passkey_of_another_person_is_refused(app: Flask, phone: Callable[[], Phone]) -> None:
    for name in ("mara", "lena"):
        open_account(app, name)
    hers, other = phone(), phone()
    hers.walker.sign_in("mara")
    add(hers)
    other.walker.sign_in("lena")
    add(other)
    sign_out(other)
    (key,) = other.keys
    expected = hers.keys[0]["credentialId"]
    other.walker.sign_in("mara")
    assert other.walker.path == "/second-step"
    other.put({**key, "credentialId": expected})  # her key under the id that the page asks for
    other.walker.press(f"{SECOND} button")
    assert "This passkey was not taken" in other.walker.words
    assert other.walker.go("/account").path == "/second-step"


def test_a_copy_whose_count_goes_back_is_refused_and_told(app: Flask, phone: Callable[[], Phone]) -> None:
    open_account(app, "mara")
    hers, thief = phone(), phone()
    hers.walker.sign_in("mara")
    add(hers)
    (copied,) = hers.keys
    for _ in range(2):
        sign_out(hers)
        hers.walker.go("/sign-in").press(f"{ALONE} button")
    thief.put({**copied, "signCount": 0})
    thief.walker.go("/sign-in").press(f"{ALONE} button")
    assert "This passkey was not taken" in thief.walker.words
    assert "Somebody may have a copy of it" in hers.walker.go("/account/locks").words


def test_without_her_finger_it_does_not_open_alone_and_the_page_says_so(app: Flask, phone: Callable[[], Phone]) -> None:
    open_account(app, "mara")
    hers = phone()
    hers.walker.sign_in("mara")
    add(hers)
    sign_out(hers)
    hers.verify(False)
    hers.walker.go("/sign-in")
    hers.walker.page.click(f"{ALONE} button")
    hers.walker.page.wait_for_function(f'document.querySelector("{ALONE} [role=alert]").textContent')
    assert "cancelled, or took too long" in hers.walker.words
    assert hers.walker.path == "/sign-in"


def test_at_another_origin_her_passkey_is_not_found(app: Flask, phone: Callable[[], Phone], site: str) -> None:
    open_account(app, "mara")
    hers = phone()
    hers.walker.sign_in("mara")
    add(hers)
    sign_out(hers)
    hers.walker.address = site
    hers.walker.go("/sign-in")
    assert hers.walker.page.locator(ALONE).count() == 0
    assert "only where the site has a name" in hers.walker.go("/passkey").words


def test_without_script_there_is_no_button_and_the_rest_works(app: Flask, new_page: NewPage, here: str) -> None:
    open_account(app, "mara")
    she = Walker(new_page(java_script_enabled=False), here).go("/sign-in")
    assert not she.page.locator(f"{ALONE} button").is_visible()
    assert "need JavaScript" in she.go("/passkey").words
    assert she.sign_in("mara").path == "/next"


def test_a_coordinator_signs_in_without_script_by_her_code(app: Flask, new_page: NewPage, here: str) -> None:
    robin = Walker(new_page(java_script_enabled=False), here).sign_in("robin")
    assert robin.path == "/desk"
