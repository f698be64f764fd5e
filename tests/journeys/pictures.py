"""Pictures of the main screens, 360 and 1280 px wide: python -m tests.journeys.pictures FOLDER (make pictures)."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from seeds.__main__ import PASSPHRASE
from tests.journeys.serving import chromium, invented_programme, sign_in

Screen = tuple[str, str | None, str, Callable[[Page], None] | None]
"""Its name, who looks at it, its address, and what she does there."""
WIDTHS = (360, 1280)
WITH_CANDIDATES = 20
"""The longest waiting find nobody, each for her own reason; this one finds several."""


def _follow(selector: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.click(selector)
        page.wait_for_load_state()

    return act


def _read_profile(page: Page) -> None:
    _follow("main a[href*='/desk/requests/']")(page)
    _follow("main a[href$='/profile']")(page)


def _look_again(page: Page) -> None:
    _follow("main a[href*='/desk/requests/']")(page)
    _follow("main a[href$='/look-again']")(page)


def _open_last(page: Page) -> None:
    page.locator("main a[href*='/desk/requests/']").last.click()
    page.wait_for_load_state()


def _rank(page: Page) -> None:
    page.locator("main a[href*='/desk/requests/']").nth(WITH_CANDIDATES).click()
    page.wait_for_load_state()
    page.click("form[action*='/rank'] button")
    page.wait_for_load_state()


def _tell(page: Page) -> None:
    """Say what is not right, from the page of a pair."""
    _follow("main a[href*='/tell?about=']:not([href*='message='])")(page)
    page.check("input[name=kind][value=danger]")
    page.fill("textarea[name=said]", "She waits for me at the bus, and I never told her where I live.")
    page.click("form[action='/tell'] button >> nth=0")
    page.wait_for_load_state()


def _look_after(there: str) -> Callable[[Page], None]:
    """Open what the first task is about that is looked after at such an address."""

    def act(page: Page) -> None:
        tasks = page.locator("main li a[href*='/desk/tasks/']")
        for task in [one.get_attribute("href") for one in tasks.all()]:
            page.click(f"main li a[href='{task}']")
            page.wait_for_load_state()
            if page.locator(f"main .acts a[href*='{there}']").count():
                return _follow(f"main .acts a[href*='{there}']")(page)
            page.go_back()
        raise LookupError(there)

    return act


def _open_told(page: Page) -> None:
    _follow("main .lines a >> nth=0")(page)


def _show_times(page: Page) -> None:
    _follow("main a[href$='/times']")(page)
    page.locator("input[name=way] + label").first.click()
    page.locator("input[name=minutes] + label").first.click()
    _follow("main form button")(page)


def _look_at_detail(page: Page) -> None:
    _follow("main a[href$='/reach']")(page)
    page.locator("input[name=kind] + label").first.click()
    page.fill("input[name=said]", "416 555 0199")
    _follow("form[action$='/look'] button")(page)


def _put_in_calendar(page: Page) -> None:
    if page.locator("form[action$='/accept']").count():
        _follow("form[action$='/accept'] button")(page)
    _follow("main a[href$='/calendar']")(page)


def _stop_between(page: Page) -> None:
    page.fill("input[name=username]", "coordinator")
    page.fill("input[name=passphrase]", PASSPHRASE)
    page.click("form[action='/sign-in'] button")
    page.wait_for_load_state()


SCREENS: list[Screen] = [
    ("home", None, "/", None),
    ("before", None, "/before", None),
    ("help", None, "/help", None),
    ("sign-in", None, "/sign-in", None),
    ("begin", None, "/begin", None),
    ("question-topics", "new", "/questions/support", None),
    ("question-times", "new", "/questions/times", None),
    ("summary", "new", "/questions/summary", None),
    ("waiting", "r05", "/next", None),
    ("coordinator", "r05", "/coordinator", None),
    ("contact-soon", "r05", "/coordinator/soon", None),
    ("cards", "r01", "/people", None),
    ("asked", "r24", "/people", None),
    ("nobody", "r03", "/people", None),
    ("differs", "r03", "/people/differs", None),
    ("together", "r02", "/next", None),
    ("times", "r02", "/next", _follow("main a[href$='/times']")),
    ("times-shown", "r02", "/next", _show_times),
    ("reach", "r02", "/next", _follow("main a[href$='/reach']")),
    ("reach-seen", "r02", "/next", _look_at_detail),
    ("agreement", "r02", "/next", _follow("main a[href$='/agreement']")),
    ("folding", "r02", "/next", _follow("main a[href$='/folding']")),
    ("calendar", "r02", "/next", _put_in_calendar),
    ("offers", "s27", "/offers", None),
    ("offer", "s27", "/offers", _follow("main a[href*='/offers/']")),
    ("desk", "coordinator", "/desk", None),
    ("request", "coordinator", "/desk", _follow("main a[href*='/desk/requests/']")),
    ("request-shown", "coordinator", "/desk?queue=shown", _open_last),
    ("profile", "coordinator", "/desk", _read_profile),
    ("ranking", "coordinator", "/desk", _rank),
    ("words", "coordinator", "/desk?queue=words", None),
    ("thread", "coordinator", "/desk?queue=words", _follow("main a[href$='/thread']")),
    ("task", "coordinator", "/desk?queue=tasks", _follow("main a[href*='/desk/tasks/']")),
    ("away", "coordinator", "/desk/me", None),
    ("look-again", "coordinator", "/desk", _look_again),
    ("approvals", "approver", "/approvals", None),
    ("account", "r05", "/account", None),
    ("reaching", "r05", "/how-to-reach-me", None),
    ("reaching-ways", "r05", "/how-to-reach-me/ways", None),
    ("reaching-hours", "r05", "/how-to-reach-me/hours", None),
    ("reaching-words", "r05", "/how-to-reach-me/words", None),
    ("notices", "coordinator", "/account/notices", None),
    ("unsent", "coordinator", "/desk?queue=unsent", None),
    ("passkey", None, "/passkey", None),
    ("second-step", None, "/sign-in", _stop_between),
    ("locks", "coordinator", "/account/locks", None),
    ("codes", "r05", "/account/locks", _follow("form[action='/account/codes'] button")),
    ("add-passkey", "r05", "/account/passkeys", None),
    ("tell", "r02", "/next", _follow("main a[href*='/tell?about=']:not([href*='message='])")),
    ("tell-anywhere", "s02", "/tell", None),
    ("components", None, "/components", None),
]
AT_REST: list[Screen] = [
    ("received", "r02", "/next", _tell),
    ("resting", "r02", "/next", None),
    ("told", "r02", "/told", None),
    ("told-one", "r02", "/told", _open_told),
    ("concern", "coordinator", "/desk?queue=tasks", _look_after("/desk/concerns/")),
    ("pair", "coordinator", "/desk?queue=tasks", _look_after("/hold")),
]
"""Where her conversation rests: in a programme of their own, because there she has no time to propose any more."""


def main(folder: str) -> None:
    """Write every picture."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for screens, at_rest in ((SCREENS, False), (AT_REST, True)):
            with tempfile.TemporaryDirectory() as data, invented_programme(Path(data), at_rest=at_rest) as address:
                for screen in screens:
                    _take(browser, address, screen, out)


def _take(browser: Browser, address: str, screen: Screen, out: Path) -> None:
    name, who, path, act = screen
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        if who:
            sign_in(page, address, who)
        page.goto(address + path)
        if act:
            act(page)
        page.screenshot(path=out / f"{name}-{width}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    main(sys.argv[1])
