"""Thirteen quiet minutes in a browser: the question, staying, the end, and words that stand there again, not sent."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import func, select

from tests.journeys.conftest import NewPage
from tests.journeys.walking import Walker
from tests.pages.story import Story
from webapp import clock
from webapp.extensions import transaction
from webapp.models import Message

MINUTE = 60_000
WORDS = "I did not dare to say it until now."
NEUTRAL = {"Are you still here?", "Stay signed in", "Leave this site"}


@pytest.fixture
def pair(story: Story) -> str:
    """The address of a conversation between Claire and Dee."""
    dee = next(one for one in [story.supporter("Eve")])
    return f"/together/{story.introduced(story.woman(), dee)}"


def at_her_conversation(page: Page, site: str, pair: str) -> Walker:
    page.clock.install()
    return Walker(page, site).sign_in("w-claire").go(pair)


def pass_quietly(page: Page, minutes: float) -> None:
    """Let time pass for the server and in the browser, and nothing else."""
    clock.move(timedelta(minutes=minutes))
    page.clock.fast_forward(int(minutes * MINUTE))


def sent(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


def test_at_thirteen_quiet_minutes_she_is_asked_and_stays(site: str, pair: str, new_page: NewPage) -> None:
    she = at_her_conversation(new_page(), site, pair)
    box = she.page.locator("#quiet")
    pass_quietly(she.page, 12.9)
    assert not box.is_visible()
    pass_quietly(she.page, 0.2)
    box.wait_for(state="visible")
    said = box.inner_text()
    assert all(words in said for words in NEUTRAL)
    assert not any(private in said for private in ("Eve", "Claire", "Riverside", "message"))
    assert she.page.evaluate("document.activeElement.id") == "quiet-stay"
    assert she.page.evaluate("getComputedStyle(document.querySelector('#quiet'), '::backdrop').backgroundColor") != (
        "rgba(0, 0, 0, 0)"
    )
    assert box.locator("a[data-exit]").get_attribute("href") == "/leave"
    assert Axe().run(she.page, options={"resultTypes": ["violations"]}).violations_count == 0
    with she.page.expect_response("**/stay") as answer:
        she.page.keyboard.press("Enter")
    assert answer.value.status == 200
    box.wait_for(state="hidden")
    pass_quietly(she.page, 12)
    assert not box.is_visible()
    assert she.go(pair).is_at(pair)


def test_escape_stays_too(site: str, pair: str, new_page: NewPage) -> None:
    she = at_her_conversation(new_page(), site, pair)
    pass_quietly(she.page, 13.1)
    she.page.locator("#quiet").wait_for(state="visible")
    with she.page.expect_response("**/stay") as answer:
        she.page.keyboard.press("Escape")
    assert answer.value.ok
    she.page.locator("#quiet").wait_for(state="hidden")


def test_at_the_end_the_page_goes_and_her_words_stand_there_again(
    app: Flask, site: str, pair: str, new_page: NewPage
) -> None:
    she = at_her_conversation(new_page(), site, pair)
    she.write("body", WORDS)
    with she.page.expect_response("**/stay"):  # typing counts
        pass_quietly(she.page, 1.1)
    pass_quietly(she.page, 13.2)
    she.page.locator("#quiet-words").wait_for(state="visible")
    pass_quietly(she.page, 2)
    she.page.wait_for_url("**/sign-in?late=kept")
    assert "kept for one hour" in she.words
    assert WORDS not in she.page.content()
    she.sign_in("w-claire")
    assert she.is_at(pair)
    assert she.page.input_value("[name=body]") == WORDS
    assert "not sent yet" in she.words
    assert sent(app) == 0
    she.press("#write button")
    assert sent(app) == 1
    assert "not sent yet" not in she.words


def test_the_page_cannot_be_read_while_the_words_are_on_their_way(site: str, pair: str, new_page: NewPage) -> None:
    she = at_her_conversation(new_page(), site, pair)
    held = []
    she.page.route("**/stay/end", lambda route: held.append(route))
    pass_quietly(she.page, 15.2)
    she.page.wait_for_function("document.body.classList.contains('left')")
    assert not she.page.locator("main").is_visible()
    held[0].abort()
    she.page.wait_for_url("**/sign-in?late=1")
    she.page.go_back()
    assert she.page.locator("#write").count() == 0


def test_without_script_a_message_that_comes_late_stands_there_again(
    app: Flask, site: str, pair: str, new_page: NewPage
) -> None:
    she = Walker(new_page(java_script_enabled=False), site).sign_in("w-claire").go(pair)
    assert "After 15 quiet minutes you are signed out" in she.words
    she.write("body", WORDS)
    clock.move(timedelta(minutes=16))
    she.press("#write button")
    assert she.is_asked_to_sign_in()
    assert "kept for one hour" in she.words
    she.sign_in("w-claire")
    assert she.is_at(pair)
    assert she.page.input_value("[name=body]") == WORDS
    she.press("main form.notice button")
    assert she.go(pair).page.input_value("[name=body]") == ""
    assert sent(app) == 0


def test_all_windows_count_as_one(site: str, pair: str, new_page: NewPage) -> None:
    she = at_her_conversation(new_page(), site, pair)
    other = _another_window(she.page.context, site, "/account")
    clock.move(timedelta(minutes=13.1))
    she.page.clock.fast_forward(int(13.1 * MINUTE))
    she.page.locator("#quiet").wait_for(state="visible")
    other.locator("#quiet").wait_for(state="visible")
    she.page.click("#quiet-stay")
    she.page.locator("#quiet").wait_for(state="hidden")
    other.locator("#quiet").wait_for(state="hidden")


def test_leaving_takes_the_other_windows_along(site: str, pair: str, new_page: NewPage, neutral: str) -> None:
    she = at_her_conversation(new_page(), site, pair)
    other = _another_window(she.page.context, site, "/account")
    she.page.click("header a.exit")
    she.page.wait_for_url(neutral)
    other.wait_for_url(neutral)
    assert she.page.context.cookies(site) == []


def _another_window(context: BrowserContext, site: str, path: str) -> Page:
    page = context.new_page()
    page.goto(site + path)
    return page
