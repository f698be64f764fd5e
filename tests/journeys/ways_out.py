"""Every way to leave, tried in a real browser: `prove` counts them for the figure G2."""

import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.serving import chromium, served
from tests.journeys.walking import Walker
from tests.pages.story import Story
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import run
from tests.proofs.counts import Count

PHONE = {"width": 360, "height": 800}
AT_ONCE = 500
"""Milliseconds until the answer that leads away has been sent."""
TELLING = ("peer", "recovery", "riverside", "pairwell", "support", "mentor", "abuse", "trauma", "women")


@dataclass
class Scene:
    """A served site with a supporter in it, and the neutral page that everybody lands on."""

    browser: Browser
    site: str
    neutral: str
    who: str = "s-dee"

    def person(self, *, script: bool = True) -> Walker:
        context = self.browser.new_context(viewport=PHONE, java_script_enabled=script)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        return Walker(context.new_page(), self.site).sign_in(self.who).go("/account")

    def is_out(self, person: Walker) -> None:
        """Check that she is at the neutral page, nothing is left, and whoever comes next is a stranger."""
        person.page.wait_for_url(self.neutral)
        assert person.page.context.cookies(self.site) == []
        assert self.next_is_a_stranger(person.page.context)

    def next_is_a_stranger(self, context: BrowserContext) -> bool:
        page = context.new_page()
        page.goto(self.site + "/next", wait_until="domcontentloaded")
        return page.locator("form[action='/sign-in']").count() == 1


def by_click(scene: Scene) -> None:
    person = scene.person()
    sent_after = answer_time(person.page)
    person.page.click("header a.exit")
    scene.is_out(person)
    assert sent_after[0] < AT_ONCE


def by_the_first_link(scene: Scene) -> None:
    person = scene.person()
    person.page.locator("a.skip[data-exit]").focus()
    person.page.keyboard.press("Enter")
    scene.is_out(person)


def by_shift_three_times(scene: Scene) -> None:
    person = scene.person()
    for _ in range(3):
        person.page.keyboard.press("Shift")
    scene.is_out(person)


def before_the_page_is_loaded(scene: Scene) -> None:
    loaded = "dispatchEvent(new PageTransitionEvent('pageshow'))"
    person = scene.person()
    person.page.keyboard.press("Shift")
    person.page.keyboard.press("Shift")
    person.page.evaluate(loaded)
    person.page.keyboard.press("Shift")
    scene.is_out(person)
    person = scene.person()
    person.page.route("**/leave", lambda _route: None)  # the answer never comes
    person.page.click("header a.exit")
    person.page.evaluate(loaded)
    person.page.wait_for_url(scene.neutral)


def without_script(scene: Scene) -> None:
    person = scene.person(script=False)
    sent_after = answer_time(person.page)
    person.page.click("header a.exit")
    scene.is_out(person)
    assert sent_after[0] < AT_ONCE


def and_back(scene: Scene) -> None:
    for script in (True, False):
        person = scene.person(script=script)
        person.page.click("header a.exit")
        person.page.wait_for_url(scene.neutral)
        person.page.go_back()
        person.page.wait_for_load_state()
        assert "signed in" not in person.page.content().lower().replace("where you are", "")
        assert person.page.locator("form[action*='/end']").count() == 0


def from_an_error_page(scene: Scene) -> None:
    for script in (True, False):
        person = scene.person(script=script).go("/no-such-page")
        person.page.click("header a.exit")
        scene.is_out(person)


def with_neutral_titles(scene: Scene) -> None:
    person = scene.person()
    for path in ("/", "/about", "/help", "/before", "/account", "/offers", "/no-such-page", "/private-browsing"):
        title = person.go(path).page.title().lower()
        assert not [word for word in TELLING if word in title], title


def where_nothing_answers(scene: Scene) -> None:
    person = scene.person()
    person.page.route("**/leave", lambda _route: None)  # the answer never comes
    person.page.click("header a.exit")
    person.page.wait_for_url(scene.neutral)


WAYS: dict[str, Callable[[Scene], None]] = {
    "click": by_click,
    "first link": by_the_first_link,
    "Shift three times": by_shift_three_times,
    "page still loading": before_the_page_is_loaded,
    "no script": without_script,
    "Back": and_back,
    "error page": from_an_error_page,
    "neutral titles": with_neutral_titles,
    "no answer": where_nothing_answers,
}


def answer_time(page: Page) -> list[float]:
    """Return a list that will hold how many milliseconds the answer of the exit took."""
    took: list[float] = []
    page.on("response", lambda one: took.append(one.request.timing["responseStart"]) if "/leave" in one.url else None)
    return took


def weather() -> Flask:
    """A page about the weather, on another name of this machine: nobody is led outside by a test."""
    page = Flask("weather", static_folder=None)
    page.add_url_rule("/", "weather", lambda: "<!doctype html><title>Weather</title><h1>Sunny</h1>")
    return page


def prove(*, long: bool) -> Count:
    """Leave in every way in a real browser, and count the ways that did not lead out."""
    databases, wrong = OnSqlite(), []
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        neutral = stack.enter_context(served(weather())).replace("127.0.0.1", "localhost") + "/"
        settings = settings_for(databases.ready(), Path(folder), https=False, neutral_site=neutral)
        for app in run(settings):
            Story(app).supporter("Dee")
            scene = Scene(stack.enter_context(chromium()), stack.enter_context(served(app)), neutral)
            for name, way in list(WAYS.items()) * (5 if long else 1):
                try:
                    way(scene)
                except Exception:  # a way that fails in any manner is a failure of the figure
                    traceback.print_exc(file=sys.stderr)
                    wrong.append(name)
    databases.close()
    return Count(len(WAYS) * (5 if long else 1), len(wrong), ", ".join(wrong) or "with and without JavaScript")
