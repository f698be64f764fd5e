"""The whole way in a browser, with and without JavaScript, in both languages: from the first page to a check-in."""

import re
from datetime import timedelta

import pytest

from tests.journeys.conftest import NewPage
from tests.journeys.walking import Walker
from webapp import clock

HER_PASSPHRASE = "seven slow boats at noon"
HELLO, ANSWER = "Hello, I am glad that you said yes.", "Hello, take all the time you need."
NEXT, SEND = "main form[action*='/questions/'] button:not([name])", "form[action='/questions/send'] button"
SKIP = "main button[name='skip']"
ONE, PAIR, CHECKIN = r"/questions/[a-z_]+", r"/together/[0-9a-f-]+", r"/check-ins/[0-9a-f-]+"

WRITTEN = {"start": {"q-name": "Claire"}, "hope": {"q-hope": "Somebody who laughs"}}
TICKED: dict[str, dict[str, list[str]]] = {
    "start": {"q-adult": ["yes"]},
    "safety": {"q-device_safe": ["yes"]},
    "reach": {"q-reach": ["in_site"]},
    "talking": {"q-languages": ["en", "fr"], "q-modes": ["site_messages"]},
    "times": {"q-availability": ["weekday_evening"]},
    "support": {"q-topics": ["alcohol", "loneliness"], "q-topics-star": ["alcohol"]},
    "hope": {},
}
"""What she answers; she skips every other screen."""


@pytest.fixture(params=["with_script", "without_script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "with_script")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_true_path(site: str, new_page: NewPage, has_script: bool, language: str) -> None:
    def somebody() -> Walker:
        locale = {"en": "en-CA", "fr": "fr-CA"}[language]
        return Walker(new_page(java_script_enabled=has_script, locale=locale), site)

    def known(username: str) -> Walker:
        return somebody().go("/sign-in").speak(language).sign_in(username).speak(language)

    she, robin = somebody(), known("robin")
    open_account(she, language)
    answer_with_a_break(she)
    send_what_she_said(she)
    show_her_the_first_two(robin)
    first, second = (known(f"s-{name.lower()}") for name in choose_first_and_second(she))
    decline(first)
    accept(second, she)
    write_to_each_other(she, second)
    clock.move(timedelta(days=3))
    say_that_she_is_not_safe(she)
    see_it_on_the_desk(robin)
    assert {walker.page.get_attribute("html", "lang") for walker in (she, robin, first, second)} == {language}


def open_account(she: Walker, language: str) -> None:
    """She reads first, then begins; her browser's language is the one she is spoken to in."""
    she.go("/").press("main a[href='/before']")
    assert she.page.get_attribute("html", "lang") == language
    she.press("main a[href='/begin']")
    she.name = she.page.locator(".offered").first.inner_text()
    she.write("passphrase", HER_PASSPHRASE).write("again", HER_PASSPHRASE)
    she.press("form[action='/begin'] button.btn")
    assert she.path == "/account/recovery-code"
    she.press("main a.btn.no")
    assert she.path == "/next"


def answer_with_a_break(she: Walker) -> None:
    """She answers half, leaves by the exit, comes back to the same screen and goes on to the summary."""
    she.press("form[action='/questions'] button")
    answer_until(she, "/questions/support")
    she.press("header a.exit")
    assert not she.page.url.startswith(she.address)
    she.go("/questions/support")
    assert she.is_asked_to_sign_in()
    she.sign_in(she.name, HER_PASSPHRASE).go("/next").press("form[action='/questions'] button")
    assert she.path == "/questions/support"
    answer_until(she, "/questions/summary")


def answer_until(she: Walker, stop: str) -> None:
    """Answer or skip one screen after the other."""
    while she.path != stop:
        assert she.is_at(ONE), she.page.url
        screen = she.path.rsplit("/", 1)[1]
        for name, text in WRITTEN.get(screen, {}).items():
            she.write(name, text)
        for name, values in TICKED.get(screen, {}).items():
            she.tick(name, *values)
        she.press(NEXT if screen in TICKED else SKIP)
        assert not she.path.endswith(f"/{screen}"), she.words


def send_what_she_said(she: Walker) -> None:
    """She reads it over, changes her name, sends, and sees what comes next."""
    assert "Claire" in she.words
    assert "Somebody who laughs" in she.words
    she.press("main a[href*='/questions/start'][href*='then=summary']")
    assert she.page.input_value("[name='q-name']") == "Claire"
    she.write("q-name", "Heron").press(NEXT)
    assert she.path == "/questions/summary"
    assert "Heron" in she.words
    assert "Claire" not in she.words
    she.press(SEND)
    assert she.path == "/questions/sent"
    assert she.page.locator("main ol.next > li").count() > 1
    she.press("header a.brand")
    assert she.path == "/questions/sent"


def show_her_the_first_two(robin: Walker) -> None:
    """The coordinator opens her request, looks who fits, and shows her the first two."""
    robin.go("/next")
    assert robin.path == "/desk"
    robin.press("main a[href*='/desk/requests/']")
    assert "Heron" in robin.words
    robin.press("form[action$='/rank'] button")
    boxes = robin.page.locator("input[name='supporters']")
    assert boxes.count() == 2
    for box in boxes.all():
        box.check()
    robin.press("form[action$='/approve'] button")
    assert robin.is_at(r"/desk/requests/[0-9a-f-]+")
    assert robin.page.locator("main p.notice[role='status']").count() == 1


def choose_first_and_second(she: Walker) -> list[str]:
    """She reads the cards, which carry words only, and asks in the order in which they lie. Return the names."""
    she.go("/next")
    assert she.path == "/people"
    assert not re.search(r"\d\s*%|score|points?\b", she.page.inner_html("main"), re.IGNORECASE)
    names = she.page.locator("main article.card h2").all_inner_texts()
    fields = [field.get_attribute("name") for field in she.page.locator("input[name^='order-'][value='1']").all()]
    assert sorted(names) == ["Ana", "Dee"]
    she.page.locator("summary:has(#order-title)").click()
    for place, field in enumerate(fields, start=1):
        she.tick(field or "", str(place))
    she.press("form:has(input[name^='order-']) button")
    assert she.path == "/people"
    assert names[0] in she.page.inner_text("main h1")
    return names


def decline(supporter: Walker) -> None:
    """The first reads the small card and says not this time."""
    supporter.go("/next").press("main a[href*='/offers/']")
    assert "Heron" in supporter.words
    supporter.press("form[action$='/decline'] button")
    assert supporter.path == "/offers"
    assert supporter.page.locator("main a[href*='/offers/']").count() == 0


def accept(supporter: Walker, she: Walker) -> None:
    """The second is asked now, and says yes."""
    supporter.go("/next").press("main a[href*='/offers/']").press("form[action$='/accept'] button")
    assert supporter.is_at(PAIR)
    she.go("/next")
    assert she.path == supporter.path


def write_to_each_other(she: Walker, supporter: Walker) -> None:
    """Both write, and each reads the other's words."""
    she.write("body", HELLO).press("#write button")
    supporter.go(supporter.path)
    assert HELLO in supporter.words
    supporter.write("body", ANSWER).press("#write button")
    she.go(she.path)
    assert ANSWER in she.words
    assert she.page.locator("ol.talk > li").count() == 2


def say_that_she_is_not_safe(she: Walker) -> None:
    """Days later she is signed out, comes back to a check-in, and ticks that she is not safe."""
    she.go("/next")
    assert she.is_asked_to_sign_in()
    she.sign_in(she.name, HER_PASSPHRASE).press("main a[href*='/check-ins/']")
    she.tick("safe", "no").press("main form button:not([formaction])")
    assert she.is_at(CHECKIN)
    assert she.page.locator("main a[href='/help']").count() == 1
    assert she.page.locator("main input[name='safe']").count() == 0


def see_it_on_the_desk(robin: Walker) -> None:
    """The coordinator finds it among what is hers to do, and takes it off when she has looked after it."""
    robin.sign_in("robin").press("main nav a[href*='queue=tasks']")
    line = robin.page.locator("main li:has(a[href*='/desk/tasks/'])")
    assert line.count() == 1
    assert "Heron" in line.inner_text()
    robin.press("main li a[href*='/desk/tasks/']")
    robin.press("main a[href*='/desk/check-ins/']").press("main a[href*='/desk/tasks/']")
    robin.tick("act", "talked").press("main form[action*='/desk/tasks/'] button")
    robin.press("main nav a[href*='queue=tasks']")
    assert robin.page.locator("main li a[href*='/desk/tasks/']").count() == 0
