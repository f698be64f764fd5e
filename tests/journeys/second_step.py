"""The code of the invented coordinator, for people at real browsers: each sign-in takes the next one."""

from datetime import timedelta

from passlib.totp import TOTP
from playwright.sync_api import Page

from seeds.load import SECRET
from webapp import clock

SECONDS = 30
_used: dict[tuple[str, str], int] = {}


def pass_second_step(page: Page, site: str, username: str) -> None:
    """Type the next code where a page asks for it. Where the next is not there yet, the clock of the site is moved."""
    if not page.url.endswith("/second-step"):
        return
    present = int(clock.now().timestamp()) // SECONDS
    chosen = max(present, _used.get((site, username), 0) + 1)
    if chosen > present + 1:
        clock.move(timedelta(seconds=SECONDS * (chosen - present - 1)))
    _used[site, username] = chosen
    page.fill("input[name=code]", TOTP(key=SECRET, format="base32").generate(chosen * SECONDS).token)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.click("form[action='/second-step'] button")
