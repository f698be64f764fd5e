"""Tries are counted in the database, one atomic step each. What strangers do never keeps a right passphrase out.

Whoever fails from one address gets slow, but beside that every name and every address has a lane of a few tries a
second that polling does not use up; its width is what bounds the guesses at a name (decision 15). If the counter fails,
so does the try.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, request
from sqlalchemy import ColumnElement, case, delete, or_, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from webapp import clock
from webapp.crypto import keyring
from webapp.extensions import aside
from webapp.models import Tries, WrongTries

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
    "second_step": Pace(5, timedelta(minutes=5)),
    "new_account": Pace(30, timedelta(minutes=5)),
    "new_address": Pace(5, timedelta(minutes=10)),
    "way_back": Pace(30, timedelta(minutes=5)),
    "writing": Pace(20, timedelta(seconds=10), forgotten_after=timedelta(minutes=1)),
}
"""In this order they are counted, so that two tries never wait for each other's rows."""
LANES = {"name_at_address": "name", "address": "address", "way_back": "way_back"}
"""What a try that came before its wait was over may use instead: the lane of its name, address or way back."""
LANE_SECONDS, LANE_WIDTH = 2, 10
"""Ten tries in every two seconds: more than somebody who polls four times a second, and one beside her."""


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
                _count(session, kind, tried, pace, now)


def _count(session: Session, kind: str, tried: dict[str, str], pace: Pace, now: datetime) -> None:
    key = key_of(kind, tried[kind])
    counted = _add_one(
        session,
        key,
        now,
        anew=Tries.last_at < now - pace.forgotten_after,
        where=or_(Tries.not_before.is_(None), Tries.not_before <= now),
    )
    if counted is not None:
        wait = pace.wait_after(counted)
        session.execute(update(Tries).where(Tries.key == key).values(not_before=now + wait if wait else None))
        return
    lane = LANES.get(kind)
    if lane is None:
        until = session.get_one(Tries, key).not_before or now
        raise TooSoon(max(1, round((until - now).total_seconds())))
    _take_lane(session, key_of(f"lane of {lane}", tried[lane]), now)


def _take_lane(session: Session, key: str, now: datetime) -> None:
    begun = datetime.fromtimestamp(now.timestamp() // LANE_SECONDS * LANE_SECONDS, UTC)
    is_new = Tries.last_at < begun
    if _add_one(session, key, now, anew=is_new, where=or_(is_new, Tries.count < LANE_WIDTH)) is None:
        raise TooSoon(LANE_SECONDS)


def _add_one(
    session: Session, key: str, now: datetime, *, anew: ColumnElement[bool], where: ColumnElement[bool]
) -> int | None:
    """Add one to a counter, or begin it anew; return what it says then, None where the condition does not hold."""
    insert = _INSERT[session.get_bind().dialect.name](Tries).values(key=key, count=1, last_at=now)
    counted: int | None = session.scalar(
        insert.on_conflict_do_update(
            index_elements=[Tries.key],
            set_={"count": case((anew, 1), else_=Tries.count + 1), "last_at": now},
            where=where,
        ).returning(Tries.count)
    )
    return counted


def count_up(session: Session, kind: str, value: str, *, now: datetime) -> int:
    """Count something that is not refused for its number; return how many there were within the hour."""
    begun = datetime.fromtimestamp(now.timestamp() // 3600 * 3600, UTC)
    key = key_of(f"{kind} since {begun:%H}", value)
    return _add_one(session, key, now, anew=Tries.last_at < begun, where=true()) or 0


def count_wrong(name: str, user_id: UUID | None) -> None:
    """Count a passphrase that let nobody in, for the audit to record. A name that nobody has is counted alike."""
    key = key_of("wrong", name)
    with aside() as session:
        insert = _INSERT[session.get_bind().dialect.name](WrongTries).values(key=key, user_id=user_id, count=1)
        more = {"count": WrongTries.count + 1, "user_id": user_id}
        session.execute(insert.on_conflict_do_update(index_elements=[WrongTries.key], set_=more))


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
