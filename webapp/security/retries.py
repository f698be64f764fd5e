"""An act that the database turned away for reasons of its own is done again, whole, on fresh rows; nobody hears of it.

A deadlock, a serialization failure, a cut connection, a row that somebody else made first. Every act is one transaction
and every view a function of its request, so it can be done again as long as nothing was kept. A commit that was sent
and never confirmed is not sent twice: refusals says that nobody knows.
"""

import logging
import random
import time
from collections.abc import Callable
from copy import deepcopy
from typing import TypeVar

import psycopg
from flask import Flask, g, request
from flask.globals import request_ctx
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError

from webapp.extensions import Kept, db, kept

TRIES = 3
PATIENCE = 1.5
"""Seconds after which an act is not begun again: a person waits."""
LONGEST_PAUSE = 0.1
CROSSED = ("40001", "40P01", "55P03")
"""What PostgreSQL calls acts that crossed: serialization failure, deadlock, and a row that was locked for too long."""
CUT = ("08", "57P", "25P03")
"""How it names a connection that has ended: cut, shut down, or held too long without a word."""
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
AWAY = ("53", "57014", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
"""What trying at once does not mend: too many connections, too slow, a full or broken disk."""

log = logging.getLogger(__name__)
Done = TypeVar("Done")


def init_app(app: Flask) -> None:
    """Do both halves of a request again where that can help: who is here, and what she does."""
    # Flask takes these two steps by their names, and both have to be done again whole.
    app.preprocess_request = from_the_start(app.preprocess_request)  # type: ignore[method-assign]
    app.dispatch_request = again(app.dispatch_request)  # type: ignore[method-assign]


def from_the_start(step: Callable[[], Done]) -> Callable[[], Done]:
    """Forget what the request before this one kept; threads are used for many requests."""

    def first() -> Done:
        kept.set(Kept.NOTHING)
        return again(step)()

    return first


def again(step: Callable[[], Done]) -> Callable[[], Done]:
    """Let a step be tried a few times. What it changed in the cookie and on `g` is taken back in between."""

    def tried() -> Done:
        if request.endpoint == "static":
            return step()
        begun, take_back = time.monotonic(), _remember()
        for left in reversed(range(TRIES)):
            try:
                return step()
            except (DBAPIError, StaleDataError) as error:
                if not left or time.monotonic() - begun > PATIENCE or not can_be_tried_again(error):
                    raise
                log.info("%s is tried again: %s", request.endpoint, type(error).__name__)
            take_back()
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - two who met must not meet again
        raise AssertionError("the last try returns or raises")

    return tried


def can_be_tried_again(error: Exception) -> bool:
    """Say whether trying again can help, and can do nothing twice."""
    return kept.get() is not Kept.SURELY and not is_unsure(error) and _has_passed(error)


def is_unsure(error: Exception) -> bool:
    """Say whether the connection ended between a commit and its confirmation: then nobody knows."""
    return kept.get() is Kept.ASKED_FOR and isinstance(error, DBAPIError) and _is_cut(error)


def is_busy(error: Exception) -> bool:
    """Say whether the database could not be asked now, which is nobody's fault and may pass."""
    if isinstance(error, IntegrityError) or not isinstance(error, DBAPIError):
        return isinstance(error, TimeoutError)
    return _has_passed(error) or _code_of(error).startswith(AWAY)


def _has_passed(error: Exception) -> bool:
    if isinstance(error, IntegrityError | StaleDataError):
        return True
    return isinstance(error, DBAPIError) and (_is_cut(error) or _code_of(error).startswith((*CROSSED, *BUSY)))


def _is_cut(error: DBAPIError) -> bool:
    return error.connection_invalidated or _code_of(error).startswith(CUT) or _never_came_about(error)


def _never_came_about(error: DBAPIError) -> bool:
    """PostgreSQL gives no code where there was no connection to begin with."""
    return isinstance(error.orig, psycopg.OperationalError) and error.orig.sqlstate is None


def _code_of(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or ""


def _remember() -> Callable[[], None]:
    """Keep the cookie and `g` as they are; the returned function puts them back and lets the database go."""
    cookie = request_ctx._session  # `flask.session` would count as opening it, and every page would say so
    assert cookie is not None
    was_opened, is_changed, said = cookie.accessed, cookie.modified, deepcopy(dict(cookie))
    here = vars(g._get_current_object())
    known = dict(here)

    def take_back() -> None:
        db.session.remove()
        cookie.clear()
        cookie.update(said)
        cookie.modified, cookie.accessed = is_changed, was_opened
        here.clear()
        here.update(known)

    return take_back
