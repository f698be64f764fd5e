"""Old cookies after everything that ends a sign-in, and both limits to the second: the figures D1 and D2.

ENDS is the table: whoever builds another act that ends sign-ins adds a row, here, to the ENDINGS of accounts, or to
the CHANGES of second locks.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.programme.browsing import Browser
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import browser_of, open_account, run
from tests.proofs.counts import Count
from tests.security.second_locks.factors_tried import dead_after_changes
from tests.security.signing_in.account_endings import ENDINGS
from webapp import clock
from webapp.domain.access import Role
from webapp.extensions import transaction
from webapp.models import SignIn, User
from webapp.security import afterwards
from webapp.services.accounts import hash_token

COOKIE = "__Host-session"
IDLE, LONGEST, SECOND = timedelta(minutes=15), timedelta(hours=12), timedelta(seconds=1)
End = Callable[[Flask, Browser, Browser], None]


def _sign_out(_app: Flask, this: Browser, _other: Browser) -> None:
    this.send("/sign-out")


def _exit(_app: Flask, this: Browser, _other: Browser) -> None:
    this.get("/leave")


def _end_this(app: Flask, this: Browser, _other: Browser) -> None:
    this.send(f"/account/sessions/{_id_of(app, this)}/end")


def _end_from_elsewhere(app: Flask, this: Browser, other: Browser) -> None:
    other.send(f"/account/sessions/{_id_of(app, this)}/end")


def _end_all_others(_app: Flask, _this: Browser, other: Browser) -> None:
    other.send("/account/sessions/end-others")


def _sign_in_again(_app: Flask, this: Browser, _other: Browser) -> None:
    this.sign_in(str(this.username))


def _take_account_away(app: Flask, this: Browser, _other: Browser) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(User, this.user_id).active = False


def _idle(_app: Flask, _this: Browser, _other: Browser) -> None:
    clock.move(IDLE)


def _half_a_day(_app: Flask, _this: Browser, _other: Browser) -> None:
    clock.move(LONGEST)


def _of_account(act: Callable[[Flask, Browser], None]) -> End:
    return lambda app, this, _other: act(app, this)


ENDS: dict[str, End] = {
    "sign-out": _sign_out,
    "exit": _exit,
    "end of this sign-in": _end_this,
    "end from another browser": _end_from_elsewhere,
    "end of all others": _end_all_others,
    "another sign-in in its place": _sign_in_again,
    "account taken away": _take_account_away,
    "quiet minutes": _idle,
    "half a day": _half_a_day,
    **{name: _of_account(act) for name, act in ENDINGS.items()},
}
HOUR_CODE = "a code of an hour used"
OTHER_LIVES_ON = frozenset({"sign-out", "exit", "end of this sign-in", "end from another browser", "end of all others"})
"""After these the person's sign-in in another browser goes on."""


def roles_of(name: str) -> list[Role]:
    """Return who can end her sign-ins in a way: the desk makes codes of an hour for nobody who works at a desk."""
    return [role for role in Role if name != HOUR_CODE or role not in (Role.COORDINATOR, Role.APPROVER)]


def dead_after(app: Flask, role: Role, name: str) -> list[str]:
    """Let a sign-in end in one way, and say which cookies were wrongly alive or dead then."""
    open_account(app, f"another-{secrets.token_hex(4)}", Role.COORDINATOR)  # the last one could not close hers
    this = browser_of(app, role)
    other = browser_of(app, username=str(this.username))
    copies = [copy_of(this), copy_of(this)]
    wrong = [] if all(map(is_in, (this, other, *copies))) else ["not signed in before"]
    ENDS[name](app, this, other)
    wrong += ["a copied cookie lives"] * sum(map(is_in, copies[:1]))
    afterwards.wait(app)
    wrong += ["a copied cookie lives afterwards"] * sum(map(is_in, copies[1:]))
    if name in OTHER_LIVES_ON and not is_in(other):
        wrong.append("the other browser was ended too")
    clock.set_right()
    return [f"{name}, {role}: {one}" for one in wrong]


def at_the_limits(app: Flask, role: Role) -> Iterator[tuple[str, bool]]:
    """Try both limits for one role, one second before and after; yields what was tried and whether it is right."""
    for what, limit, alive in (
        ("idle, one second before", IDLE - SECOND, True),
        ("idle, at the limit", IDLE, False),
        ("idle, one second after", IDLE + SECOND, False),
    ):
        clock.stop()
        browser = browser_of(app, role)
        clock.move(limit)
        yield f"{what}, {role}", is_in(browser) is alive
        clock.set_right()
    for what, limit, alive in (
        ("half a day, one second before", LONGEST - SECOND, True),
        ("half a day, at the limit", LONGEST, False),
        ("half a day, one second after", LONGEST + SECOND, False),
    ):
        clock.stop()
        browser = browser_of(app, role)
        _keep_busy_until(browser, limit)
        yield f"{what}, {role}", is_in(browser) is alive
        clock.set_right()


def _keep_busy_until(browser: Browser, limit: timedelta) -> None:
    step = timedelta(minutes=14)
    while limit > step:
        clock.move(step)
        limit -= step
        assert is_in(browser)
    clock.move(limit)


def is_in(browser: Browser) -> bool:
    """Say whether a browser is signed in."""
    return browser.get("/account").status_code == 200


def copy_of(browser: Browser) -> Browser:
    """Return a browser with a copy of the cookie."""
    other: Browser = browser.application.test_client()
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    other.set_cookie(COOKIE, cookie.value)
    return other


def _id_of(app: Flask, browser: Browser) -> str:
    with app.app_context(), transaction() as session:
        found = select(SignIn.id).where(SignIn.token_hash == hash_token(browser.token() or ""))
        return str(session.scalars(found).one())


def prove_old_cookies(*, long: bool) -> Count:
    """Count every way in which a sign-in ends, for every role, and the cookies that were wrongly alive or dead."""
    tried, wrong = 0, []
    for app in _alone():
        for name in ENDS:
            for role in roles_of(name):
                tried, wrong = tried + 1, wrong + dead_after(app, role, name)
        changed = dead_after_changes(app)
        tried, wrong = tried + len(changed), wrong + [name for name, are_dead in changed.items() if not are_dead]
    said = f"{len(ENDS)} ways, each role, two copies of the cookie; {len(changed)} changes of a second lock"
    return Count(tried, len(wrong), "; ".join(wrong) or said)


def prove_limits(*, long: bool) -> Count:
    """Count both limits, for every role, one second before, at, and one second after."""
    seen = [one for app in _alone() for role in Role for one in at_the_limits(app, role)]
    wrong = [what for what, is_right in seen if not is_right]
    return Count(len(seen), len(wrong), "; ".join(wrong) or "one second before, at, one second after; each role")


def _alone() -> Iterator[Flask]:
    databases = OnSqlite()
    try:
        yield from run(settings_for(databases.ready(), databases.folder))
    finally:
        databases.close()
