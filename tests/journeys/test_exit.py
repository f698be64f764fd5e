"""Leaving at once: the link by itself ends the sign-in; with JavaScript, Shift pressed three times does the same."""

import re

from flask import Flask
from playwright.sync_api import Page

from tests.journeys.conftest import PHONE, NewPage
from tests.journeys.walking import Walker
from tests.programme.fixtures import open_account

HER_NAME = "grey-heron"
COVERED = """() => {
    const at = (x, y) => document.elementFromPoint(x, y).className;
    return [at(5, 5), at(innerWidth / 2, innerHeight / 2), at(innerWidth - 5, innerHeight - 5)];
}"""


def test_without_script_the_exit_ends_the_sign_in(site: str, new_page: NewPage, neutral: str) -> None:
    person = Walker(new_page(java_script_enabled=False), site).sign_in("s-dee")
    assert person.path == "/offers"
    person.press("header a.exit")
    assert person.page.url == neutral
    assert person.page.context.cookies(site) == []
    assert person.go("/offers").is_asked_to_sign_in()


def test_without_script_the_first_link_of_the_page_leaves_too(site: str, new_page: NewPage, neutral: str) -> None:
    person = Walker(new_page(java_script_enabled=False), site).sign_in("s-dee")
    links = person.page.locator("body > nav:first-child a")
    assert [link.get_attribute("href") for link in links.all()] == ["#main", "/leave"]
    links.last.focus()
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert person.page.url == neutral
    assert person.go("/offers").is_asked_to_sign_in()


def test_shift_three_times_leaves_while_she_writes(app: Flask, site: str, new_page: NewPage, neutral: str) -> None:
    she = at_her_first_question(app, site, new_page())
    she.page.route("**/leave", lambda route: route.fulfill(status=204))  # the answer is awaited, she stays and looks
    she.page.locator("[name='q-name']").press_sequentially("Cl")
    press_shift(she.page, 3)
    she.page.wait_for_selector(".cover")
    assert she.page.evaluate(COVERED) == ["cover", "cover", "cover"]
    assert she.page.locator(".cover").bounding_box() == {"x": 0, "y": 0, **PHONE}
    she.page.unroute("**/leave")
    press_shift(she.page, 3)
    she.page.wait_for_url(neutral)
    she.page.go_back()
    assert she.page.locator("[name='q-name']").count() == 0
    assert she.go("/questions/start").is_asked_to_sign_in()


def test_capitals_and_two_presses_do_not_leave(app: Flask, site: str, new_page: NewPage) -> None:
    she = at_her_first_question(app, site, new_page())
    for letter in "ABCD":
        she.page.keyboard.press(f"Shift+{letter}")
    press_shift(she.page, 2)
    assert re.search("1", she.page.inner_text("#exit-status"))
    she.page.keyboard.press("e")
    press_shift(she.page, 1)
    assert re.search("2", she.page.inner_text("#exit-status"))
    assert she.page.locator(".cover").count() == 0
    assert she.page.input_value("[name='q-name']") == "ABCDe"
    assert she.path == "/questions/start"


def test_with_script_a_press_on_the_exit_leaves(site: str, new_page: NewPage, neutral: str) -> None:
    person = Walker(new_page(), site).sign_in("s-dee").press("header a.exit")
    person.page.wait_for_url(neutral)
    assert person.go("/offers").is_asked_to_sign_in()


def at_her_first_question(app: Flask, site: str, page: Page) -> Walker:
    open_account(app, HER_NAME)
    she = Walker(page, site).sign_in(HER_NAME).press("form[action='/questions'] button")
    she.page.focus("[name='q-name']")
    return she


def press_shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")
