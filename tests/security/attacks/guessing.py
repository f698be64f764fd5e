"""Fifty wrong passphrases at the same moment: each is counted, and somebody else signs in beside them.

She sits behind the same address as they do, where tries get slow: she presses again when she is told to, as D7 does.
"""

import threading
import time
from collections import Counter

from flask import Flask
from sqlalchemy import func, select

from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import open_account, run
from tests.proofs.counts import Count
from webapp.extensions import transaction
from webapp.models import WrongTries

AT_ONCE, WITHIN = 50, 10.0


def guess_at_once(app: Flask, name: str) -> Counter[int]:
    """Guess a name fifty times at once, while another signs in; count the answers."""
    ends, together = Counter[int](), threading.Barrier(AT_ONCE + 1)

    def guess() -> None:
        browser = app.test_client()
        browser.hidden_field()
        together.wait()
        ends[browser.sign_in(name, "wrong wrong wrong").status_code] += 1

    def get_in() -> None:
        browser = app.test_client()
        browser.hidden_field()
        together.wait()
        begun = time.monotonic()
        while (answer := browser.sign_in("another")).status_code == 429 and time.monotonic() - begun < WITHIN:
            time.sleep(int(answer.headers["Retry-After"]))
        ends[answer.status_code if time.monotonic() - begun < WITHIN else 0] += 1

    threads = [threading.Thread(target=act) for act in [guess] * AT_ONCE + [get_in]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def prove(*, long: bool) -> Count:
    """Guess at once, over and over; a failure is a try that was not counted, or another woman who did not get in."""
    databases, rounds, failures = OnSqlite(), 20 if long else 2, 0
    guesses = select(func.sum(WrongTries.count)).where(WrongTries.user_id.is_(None))  # nobody has the name
    try:
        for app in run(settings_for(databases.ready(), databases.folder)):
            open_account(app, "another")
            for number in range(1, rounds + 1):
                ends = guess_at_once(app, "mara")
                with app.app_context(), transaction() as session:
                    counted = session.scalar(guesses) or 0
                failures += abs(AT_ONCE * number - counted) + (ends[303] != 1)
    finally:
        databases.close()
    return Count(rounds * (AT_ONCE + 1), failures, f"answers of the last round: {dict(ends)}")
