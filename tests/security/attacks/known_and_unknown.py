"""Whether the site tells if a name exists: two hundred that do beside two hundred that do not, answer and time.

DOORS are the forms of strangers that take a name, or that somebody could send one to.
"""

import random
import re
import time
from statistics import mean

from flask import Flask

from tests.programme.browsing import Browser
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import open_account, run
from tests.proofs.counts import Count

NEW = "warm rivers are stones in May"
DOORS = {
    "/sign-in": {"passphrase": "not the passphrase"},
    "/forgotten": {"code": "ABCD EFGH JKLM NPQR STUV WXYZ", "passphrase": NEW, "again": NEW},
    "/begin": {"passphrase": NEW, "again": NEW},
}
SHUFFLES = 2000
NAMES = 200
CHANGING = re.compile(r'(name="[^"]*" value=|data-options=)"[^"]*"|(<p class="offered"[^>]*>)[^<]*')
"""Hidden fields, and the name and words that a page draws anew each time."""
SURE = 0.01
"""Where fewer than one shuffle in a hundred differs as much, the times would tell the names apart."""


def seen(browser: Browser, door: str, name: str, address: str) -> tuple[tuple[int, str], float]:
    """Return what a wrong form with a name is answered, without the name itself, and how long that took."""
    form = {"csrf_token": browser.hidden_field(), "username": name, "offered": name, **DOORS[door]}
    begun = time.perf_counter()
    answer = browser.post(door, data=form, environ_base={"REMOTE_ADDR": address})
    took = time.perf_counter() - begun
    text = CHANGING.sub(r"\1\2", answer.text).replace(name, "NAME")
    return (answer.status_code, text), took


def chance_of(differs: list[float], other: list[float]) -> float:
    """Return how often chance alone makes two groups differ as much: the permutation test of their trimmed means."""
    chance, both, size = random.Random(1), differs + other, len(differs)

    def gap(values: list[float]) -> float:
        first, second = sorted(values[:size]), sorted(values[size:])
        cut = size // 10
        return abs(mean(first[cut:-cut]) - mean(second[cut:-cut]))

    here = gap(both)
    as_much = 0
    for _ in range(SHUFFLES):
        chance.shuffle(both)
        as_much += gap(both) >= here
    return as_much / SHUFFLES


def open_accounts(app: Flask, names: int) -> None:
    """Open the accounts whose names exist."""
    for number in range(names):
        open_account(app, f"known{number:03}")


def compare(app: Flask, door: str, names: int) -> tuple[int, float]:
    """Try so many names of each kind in turn; return how many answers differed, and the chance of the times' gap."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    answers, took = set(), {"known": [], "other": []}  # type: ignore[var-annotated]
    seen(browser, door, "somebody", "192.0.2.1")
    order = random.Random(2)
    for number in range(names):
        for kind in order.sample(("known", "other"), 2):
            said, seconds = seen(browser, door, f"{kind}{number:03}", f"10.0.{number}.1")
            answers.add(said)
            took[kind].append(seconds)
    return len(answers) - 1, chance_of(took["known"], took["other"])


def prove(*, long: bool) -> Count:
    """Compare two hundred names of each kind at every door; in the long run with passphrases hashed in full."""
    databases, more = OnSqlite(), {"hash_kib": 64 * 1024} if long else {}
    failures, said = 0, []
    try:
        for app in run(settings_for(databases.ready(), databases.folder, **more)):
            open_accounts(app, NAMES)
            for door in DOORS:
                differing, chance = compare(app, door, NAMES)
                failures += differing + (chance < SURE)
                said.append(f"{door} {chance:.0%}")
    finally:
        databases.close()
    return Count(2 * NAMES * len(DOORS), failures, f"shuffles in which times differ as much: {', '.join(said)}")
