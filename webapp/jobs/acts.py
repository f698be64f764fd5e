"""Acts of a job, one transaction each: one that fails is logged, counted and tried again later, and stops no other."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.extensions import reading, transaction
from webapp.services import work

Thing = TypeVar("Thing")
Act = Callable[[Session, Thing], object]

LOST_A_RACE = ("40001", "40P01")
"""What PostgreSQL calls an act that another one crossed: it is tried again at once."""
TRIES, A_MOMENT = 3, 0.2
LONGEST_WAIT_FOR_A_ROW = "SET LOCAL lock_timeout = '10s'"
ROOM = Path(__file__).parents[1]

log = logging.getLogger(__name__)


class Stopping(Exception):
    """Raised between two acts when the worker was told to stop."""


between_acts: ContextVar[Callable[[], None]] = ContextVar("between_acts", default=lambda: None)
"""What the worker does between two acts: it gives a sign of life, and stops where it was told to."""


def do_each(job: str, things: Sequence[Thing], act: Act[Thing], *, now: datetime) -> int:
    """Do one act after another, each kept or not kept by itself, and return how many were done.

    What failed a short while ago rests. Raises whatever keeps a failure from being written down: then the database is
    away, and the whole job is tried again later.
    """
    with reading() as session:
        resting, failed = work.list_resting(session, job, now=now), work.list_failed(session, job)
    by_key = {str(thing): thing for thing in things}
    done = [key for key in by_key if key not in resting and _do(job, key, by_key[key], act, now)]
    settled = failed - by_key.keys() | failed & set(done)
    if settled:
        with transaction() as session:
            work.forget_failures(session, job, settled)
    return len(done)


def _do(job: str, key: str, thing: Thing, act: Act[Thing], now: datetime) -> bool:
    between_acts.get()()
    try:
        _try(thing, act)
    except Exception as error:
        code = code_of(error)
        with transaction() as session:
            count = work.note_failure(session, job, key, code, now=now)
        log.error("%s: one of its acts failed for the %d. time: %s", job, count, code)
        return False
    return True


def _try(thing: Thing, act: Act[Thing]) -> None:
    for tried in range(1, TRIES + 1):
        try:
            with transaction() as session:
                if session.get_bind().dialect.name == "postgresql":
                    session.execute(text(LONGEST_WAIT_FOR_A_ROW))
                act(session, thing)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in LOST_A_RACE or tried == TRIES:
                raise
            time.sleep(A_MOMENT * tried)


def code_of(error: BaseException) -> str:
    """Say what failed and where in our code, without a word of what it was about."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(ROOM)]
    where = f" at {Path(frames[-1].filename).relative_to(ROOM)}:{frames[-1].lineno}" if frames else ""
    kind = getattr(getattr(error, "orig", None), "sqlstate", None) or getattr(
        getattr(error, "orig", None), "sqlite_errorname", None
    )
    return f"{type(error).__name__}{f' {kind}' if kind else ''}{where}"[:160]
