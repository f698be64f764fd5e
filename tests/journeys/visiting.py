"""Visitors of the invented programme: one phone for each person and language, which notes whatever it loads."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import html5lib
from playwright.sync_api import Browser, Page, Request, Response

from seeds.__main__ import PASSPHRASE
from tests.journeys.walking import Walker

PHONE = {"width": 360, "height": 800}
REDIRECTS = range(300, 400)
STILL_FRESH = 240
"""Seconds after which a phone signs in anew: ten minutes after a sign-in some pages ask for the passphrase first."""
_weighed: dict[str, int] = {}


@dataclass
class Visitor:
    """One person's phone, and what it has asked for."""

    walker: Walker
    who: str | None
    language: str
    signed_in: float = -math.inf
    asked: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)
    document: Response | None = None

    @property
    def page(self) -> Page:
        return self.walker.page

    def note_request(self, request: Request) -> None:
        self.asked.append(request.url)
        if request.is_navigation_request():
            self.needed.clear()
        else:
            self.needed.append(request.url)

    def note_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status not in REDIRECTS:
            self.document = response

    def visit(self, path: str, act: Callable[[Page], None] | None) -> None:
        """Open a page, and go on from there where `act` says so."""
        if self.who and time.monotonic() - self.signed_in > STILL_FRESH:
            self.sign_in()
        self.asked.clear()
        self.walker.go(path)
        if self.who and self.walker.is_asked_to_sign_in():  # on another phone she ended this one's sign-in
            self.sign_in()
            self.walker.go(path)
        if act:
            act(self.page)
        self.page.wait_for_load_state("load")

    def sign_in(self) -> None:
        assert self.who is not None
        self.walker.page.context.clear_cookies()
        self.walker.go("/sign-in").sign_in(self.who, PASSPHRASE).speak(self.language)
        self.signed_in = time.monotonic()

    @property
    def html(self) -> str:
        """The page as the server sent it."""
        assert self.document is not None
        return self.document.text()

    @property
    def weight(self) -> int:
        """The bytes of the page and of all it loads, as the server sends them on a first visit."""
        needed = set(self.needed)  # as of now: the icon may come while the others are weighed
        for url in needed - _weighed.keys():
            _weighed[url] = len(self.page.request.get(url).body())
        return len(self.html.encode()) + sum(_weighed[url] for url in needed)

    @property
    def foreign(self) -> list[str]:
        """What was asked of other hosts."""
        here = urlsplit(self.walker.address).netloc
        return [url for url in self.asked if urlsplit(url).netloc != here]


def arrive(browser: Browser, address: str, who: str | None, language: str) -> Visitor:
    """Open a phone in a language; those who have a name sign in with their first visit."""
    context = browser.new_context(viewport=PHONE, locale=f"{language}-CA")
    context.set_default_timeout(10_000)
    visitor = Visitor(Walker(context.new_page(), address), who, language)
    visitor.page.on("request", visitor.note_request)
    visitor.page.on("response", visitor.note_response)
    return visitor


def flaws_in(text: str) -> list[str]:
    """Say what a strict reader finds wrong in the HTML, ids that occur twice too."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    flaws = [f"line {place[0]}: {code} {said}" for place, code, said in parser.errors]
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    return flaws + sorted({f"id {one} occurs twice" for one in ids if ids.count(one) > 1})
