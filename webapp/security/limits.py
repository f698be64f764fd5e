"""Tries are counted in the database, one atomic step each, and slow down whoever fails again and again.

Nobody is locked out: the longest wait is short, and a refused try adds nothing. If the counter fails, so does the try.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from sqlalchemy import case, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from webapp import clock
from webapp.crypto import keyring
from webapp.extensions import aside
from webapp.models import Tries

FORGOTTEN_AFTER = timedelta(hours=1)
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Pace:
    """How many tries are free, and how long the wait after many more can grow."""

    free: int
    longest: timedelta
    forgotten_after: timedelta = FORGOTTEN_AFTER

    def wait_after(self, count: int) -> timedelta | None:
        """Return the wait after so many tries: none while they are free, one second, then twice as long each time."""
        over = count - self.free
        return None if over < 0 else min(self.longest, timedelta(seconds=2 ** min(over, 20)))


PACES = {
    "name_at_address": Pace(5, timedelta(minutes=5)),
    "address": Pace(30, timedelta(minutes=5)),
    "name": Pace(20, timedelta(seconds=30)),
    "new_account": Pace(30, timedelta(minutes=5)),
    "writing": Pace(20, timedelta(seconds=10), forgotten_after=timedelta(minutes=1)),
}
"""In this order they are counted, so that two tries never wait for each other's rows."""


class TooSoon(TooManyRequests):
    """Raised for a try that came before its wait was over."""

    def __init__(self, seconds: int) -> None:
        super().__init__(retry_after=seconds)
        self.seconds = seconds


def count_try(**tried: str) -> None:
    """Count one try of each kind before anything is checked. Raises TooSoon; then nothing was counted."""
    if not current_app.config["SETTINGS"].rate_limits:
        return
    now = clock.now()
    with aside() as session:
        for kind, pace in PACES.items():
            if kind in tried:
                _count(session, key_of(kind, tried[kind]), pace, now)


def _count(session: Session, key: str, pace: Pace, now: datetime) -> None:
    forgotten = Tries.last_at < now - pace.forgotten_after
    counted = session.scalar(
        _INSERT[session.get_bind().dialect.name](Tries)
        .values(key=key, count=1, last_at=now)
        .on_conflict_do_update(
            index_elements=[Tries.key],
            set_={"count": case((forgotten, 1), else_=Tries.count + 1), "last_at": now},
            where=or_(Tries.not_before.is_(None), Tries.not_before <= now),
        )
        .returning(Tries.count)
    )
    if counted is None:
        until = session.get_one(Tries, key).not_before or now
        raise TooSoon(max(1, round((until - now).total_seconds())))
    wait = pace.wait_after(counted)
    session.execute(update(Tries).where(Tries.key == key).values(not_before=now + wait if wait else None))


def forgive(**tried: str) -> None:
    """Forget the tries of these kinds, after one that was right."""
    keys = [key_of(kind, value) for kind, value in tried.items()]
    with aside() as session:
        session.execute(delete(Tries).where(Tries.key.in_(keys)))


def take_back(**tried: str) -> None:
    """Take one try back, so that only wrong ones count where many people share an address."""
    keys = [key_of(kind, value) for kind, value in tried.items()]
    with aside() as session:
        fewer = update(Tries).where(Tries.key.in_(keys), Tries.count > 0)
        session.execute(fewer.values(count=Tries.count - 1, not_before=None))


def key_of(kind: str, value: str) -> str:
    """Return the keyed hash under which tries are counted."""
    return keyring.ring().fingerprint(f"tries|{kind}|{value}")


def current_address() -> str:
    """Return where this request comes from; of an IPv6 address the part that one household has."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
