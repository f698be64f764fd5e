"""Every main page of each role in both languages, on a narrow phone: for everyone, light, nothing from elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.pictures import AT_REST, SCREENS, Screen
from tests.journeys.serving import invented_programme
from tests.journeys.visiting import Visitor, arrive, flaws_in
from webapp.services import matching

HEAVIEST = 100_000
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SIDEWAYS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
Act = Callable[[Page], None]


def press(selector: str) -> Act:
    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return act


def order_nobody(page: Page) -> None:
    page.locator("summary:has(#order-title)").click()
    press("form:has(input[name^='order-']) button")(page)


MORE: list[Screen] = [
    ("not there", None, "/not-there", None),
    ("not there, signed in", "r05", "/not-there", None),
    ("about", None, "/about", None),
    ("private browsing", None, "/private-browsing", None),
    ("sign-in refused", None, "/sign-in", press("form[action='/sign-in'] button")),
    ("next", "new", "/next", None),
    ("question-start", "new", "/questions/start", None),
    ("question-wishes", "new", "/questions/wishes", None),
    ("still needed", "new", "/questions/summary", press("form[action='/questions/send'] button")),
    ("withdraw", "r05", "/questions/withdraw", None),
    ("cards refused", "r01", "/people", order_nobody),
    ("asked, where it stands", "r24", "/questions/state", None),
    ("check-in", "r02", "/next", press("main a[href*='/check-ins/']")),
    ("desk-tasks", "coordinator", "/desk?queue=tasks", None),
    ("desk-pairs", "coordinator", "/desk?queue=pairs", None),
    ("desk-silent", "coordinator", "/desk?queue=silent", None),
    ("recovery-codes", "coordinator", "/account/locks", press("form[action='/account/recovery-codes'] button")),
]
PAGES = [(language, *page) for page in SCREENS + AT_REST for language in ("en", "fr")] + [
    ("fr" if place % 2 else "en", *page) for place, page in enumerate(MORE)
]
"""The main screens in both languages; of the others every second one in French, to be quick."""
RESTING = {page[0] for page in AT_REST}


@dataclass
class Street:
    """The served programme, with every phone that looks at it."""

    browser: Browser
    address: str
    phones: dict[tuple[str | None, str], Visitor]

    def visitor(self, who: str | None, language: str) -> Visitor:
        """The phone of somebody who looks in a language; it is opened once."""
        if (who, language) not in self.phones:
            self.phones[who, language] = arrive(self.browser, self.address, who, language)
        return self.phones[who, language]


@pytest.fixture(scope="module")
def street(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    yield from _street(browser, tmp_path_factory, at_rest=False)


@pytest.fixture(scope="module")
def street_at_rest(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The same people, where one conversation rests: what these pages need and do changes no other page."""
    yield from _street(browser, tmp_path_factory, at_rest=True)


def _street(browser: Browser, folders: pytest.TempPathFactory, *, at_rest: bool) -> Iterator[Street]:
    matching.keeper.forget()
    with invented_programme(folders.mktemp("programme"), at_rest=at_rest) as address:
        street = Street(browser, address, {})
        yield street
        for visitor in street.phones.values():
            visitor.page.context.close()
    matching.keeper.forget()


@pytest.mark.parametrize(
    ("language", "name", "who", "path", "act"), PAGES, ids=[f"{page[1]}-{page[0]}" for page in PAGES]
)
def test_a_page(
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
    language: str,
    name: str,
    who: str | None,
    path: str,
    act: Act | None,
) -> None:
    street: Street = request.getfixturevalue("street_at_rest" if name in RESTING else "street")
    visitor = street.visitor(who, language)
    visitor.visit(path, act)
    weight = visitor.weight
    for key, value in {"page": f"{name} ({language})", "bytes": weight, "requests": 1 + len(visitor.needed)}.items():
        record_property(key, value)
    assert visitor.page.get_attribute("html", "lang") == language
    assert visitor.foreign == []
    assert flaws_in(visitor.html) == []
    wide, room = visitor.page.evaluate(SIDEWAYS)
    assert wide <= room
    found = Axe().run(visitor.page, options={**WCAG, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert weight < HEAVIEST
