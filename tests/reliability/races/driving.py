"""Drive races through pages of real processes, on both databases: `python -m tests.reliability.races.driving 200`.

With names, only those races: python -m tests.reliability.races.driving 50 last_place ten_sent
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select, text

from tests.programme.databases import Databases, OnSqlite, serve_postgres
from tests.reliability.races.aims import WON, Race, Round
from tests.reliability.races.cast import MANY, Cast
from tests.reliability.races.invariants import broken_in
from tests.reliability.races.rounds import OPPOSITE, SAME, last_place, last_place_x_choose
from tests.reliability.servers.fleet import Answer, Fleet, fleet
from webapp.extensions import db, transaction
from webapp.models import AuditRecord

LONG_AS_AN_ID = 30
LAST_PLACE = (last_place, last_place_x_choose)
"""Here Dee has one place: before she has many again, nobody may be left with a card or an offer of hers."""
WITH_WORKER = ("accept_x_expiry", "decline_x_expiry")


def drive(databases: Databases, races: Sequence[Race], rounds: int) -> list[str]:
    """Run every race so many times; return what went wrong, in words."""
    wrong: list[str] = []
    with fleet(databases) as running:
        cast = Cast(running)
        for race in races:
            worker = running.start("work") if race.__name__ in WITH_WORKER else None
            said = [one for _ in range(rounds) for one in _once(cast, race)]
            if worker is not None:
                worker.kill()
            wrong += [f"{race.__name__}: {one}" for one in said]
            cast.places(cast.dee, MANY)
        wrong += [*_broken(running), *_deadlocks(running), *running.out_of_order()]
    return wrong


def _once(cast: Cast, race: Race) -> Iterator[str]:
    round_ = race(cast)
    before = _count(cast.fleet, round_.once)
    answers = cast.fleet.fire([aim.shot for aim in round_.aims])
    yield from _judged(round_, answers)
    if round_.once is not None and _count(cast.fleet, round_.once) != before + 1:
        yield f"{round_.once} {_count(cast.fleet, round_.once) - before} times"
    if race in LAST_PLACE:
        yield from _broken(cast.fleet)
        for number in range(3):
            cast.fresh(number)


def _judged(round_: Round, answers: Sequence[Answer]) -> Iterator[str]:
    for aim, answer in zip(round_.aims, answers, strict=True):
        if answer.status not in aim.may:
            where = "/".join(part for part in aim.shot.path.split("/") if len(part) < LONG_AS_AN_ID)
            yield f"{where} answered {answer.status}"
        if answer.status >= 400 and "<h1>" not in answer.page:
            yield f"{answer.status} without words"
    wins = sum(answer.status == WON for answer in answers)
    if round_.wins is not None and wins != round_.wins:
        yield f"{wins} won instead of {round_.wins}"


def _count(running: Fleet, action: str | None) -> int:
    with running.app.app_context(), transaction() as session:
        found = select(func.count()).select_from(AuditRecord).where(AuditRecord.action == action)
        return session.scalar(found) or 0


def _broken(running: Fleet) -> list[str]:
    with running.app.app_context(), transaction() as session:
        return broken_in(session)


def _deadlocks(running: Fleet) -> Iterator[str]:
    """Say how often PostgreSQL had to break a deadlock: a retry would hide it, one order of locks leaves none."""
    with running.app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            asked = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            if count := connection.scalar(asked):
                yield f"{count} deadlocks"


def main() -> int:
    """Print a line for each race on each database."""
    rounds, names = int((sys.argv[1:] or ["20"])[0]), sys.argv[2:]
    failed, server = 0, serve_postgres()
    for databases in (OnSqlite(), next(server)):
        for race in (*OPPOSITE, *SAME):
            if names and race.__name__ not in names:
                continue
            begun, wrong = time.monotonic(), drive(databases, [race], rounds)
            failed += len(wrong)
            took, kind = time.monotonic() - begun, type(databases).__name__[2:].lower()
            told = "; ".join(f"{what} ({count})" for what, count in Counter(wrong).most_common())
            sys.stdout.write(f"{kind:<10}{race.__name__:<26}{rounds:>5}{len(wrong):>6}{took:>8.1f} s {told}\n")
            sys.stdout.flush()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
