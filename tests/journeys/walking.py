"""One person with her own browser: she goes, presses, ticks and writes; everything is found by name or address."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.journeys.second_step import pass_second_step
from tests.programme.browsing import PASSPHRASE


@dataclass
class Walker:
    """Somebody at her phone."""

    page: Page
    address: str
    name: str = ""

    @property
    def path(self) -> str:
        """Where she is."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What stands in the middle of her page."""
        return self.page.inner_text("main")

    def go(self, path: str) -> "Walker":
        self.page.goto(self.address + path, wait_until="domcontentloaded")
        return self

    def press(self, selector: str) -> "Walker":
        """Press the first that fits, and wait for the page behind it."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(selector).first.click()
        return self

    def tick(self, name: str, *values: str) -> "Walker":
        for value in values:
            self.page.check(f"input[name='{name}'][value='{value}']")
        return self

    def write(self, name: str, text: str) -> "Walker":
        self.page.fill(f"[name='{name}']", text)
        return self

    def speak(self, language: str) -> "Walker":
        """Change the language by the button in the header, where the page speaks another."""
        if self.page.get_attribute("html", "lang") != language:
            self.press(f"form[action='/language'] button[value='{language}']")
        assert self.page.get_attribute("html", "lang") == language
        return self

    def sign_in(self, username: str, passphrase: str = PASSPHRASE) -> "Walker":
        """Sign in on the page that asks for it."""
        if self.path != "/sign-in":
            self.go("/sign-in")
        self.write("username", username).write("passphrase", passphrase)
        self.press("form[action='/sign-in'] button")
        pass_second_step(self.page, self.address, username)
        return self

    def is_at(self, pattern: str) -> bool:
        return re.fullmatch(pattern, self.path) is not None

    def is_asked_to_sign_in(self) -> bool:
        return self.page.locator("form[action='/sign-in']").count() == 1
