"""The keys against the database: proved at the start, changed while the site runs, and what they cannot read."""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Engine, LargeBinary, Table, delete, func, inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.config import BadKeys, key_file
from webapp.crypto import keyring
from webapp.crypto.fields import REGISTRY, Encrypted
from webapp.crypto.keyring import VERSION, CannotDecrypt, KeyRing, number_in
from webapp.domain.access import Action, Actor, Subject
from webapp.extensions import Base, only_reading
from webapp.models import KeyCheck, Request, Supporter, UnreadableField
from webapp.services import names
from webapp.services.acting import require
from webapp.services.safety.closed_files import closed_to

log = logging.getLogger(__name__)

SAMPLE, BATCH, A_LOOK = 5, 100, 500


class WrongKeys(BadKeys):
    """Raised for keys that are not those of this database."""


class Fault(NamedTuple):
    """Something that is wrong, and what to do."""

    what: str
    remedy: str


def remedy() -> str:
    """Say what helps against wrong keys."""
    return f"Restore {key_file()} from your backup, then run: flask --app webapp doctor"


# Proved at the start


def prove_at_start(engine: Engine, ring: KeyRing) -> bool:
    """Prove the keys, and keep check values where there were none. Return whether the database could be asked.

    Raises WrongKeys.
    """
    if _is_not_made_yet(engine):
        return True
    try:
        unproved = prove_reading(engine, ring)
    except DBAPIError as error:
        log.warning(
            "the keys are proved before their first use: the database does not answer (%s)", type(error).__name__
        )
        return False
    if unproved:
        _keep_where_possible(engine, ring)
    return True


def prove_reading(engine: Engine, ring: KeyRing) -> list[str]:
    """Prove the keys without writing; return which have no check value yet. Raises WrongKeys."""
    token = only_reading.set(True)
    try:
        with Session(engine) as session:
            return prove(session, ring) if _has_checks(session) else []
    finally:
        only_reading.reset(token)


def prove(session: Session, ring: KeyRing) -> list[str]:
    """Hold every key against its check value, or against what is sealed with it where there is none.

    Returns the names of those without a check value. Raises WrongKeys.
    """
    checks: dict[str, bytes] = {row.name: row.value for row in session.execute(select(KeyCheck.name, KeyCheck.value))}
    names = list(ring.check_names())
    for name in names:
        if name in checks and not ring.is_proved_by(name, checks[name]):
            raise WrongKeys(f"The {name} is not the one of this database. {remedy()}")
    for name in checks.keys() - set(names):
        if (number := number_in(name)) is not None and count_uses(session, number):
            raise WrongKeys(f"The {name} is missing, and fields are sealed with it. {remedy()}")
    unproved = [name for name in names if name not in checks]
    for name in unproved:
        if (number := number_in(name)) is not None and not _opens(session, ring, number):
            raise WrongKeys(f"The {name} opens nothing that is sealed in this database. {remedy()}")
    return unproved


def keep_checks(session: Session, ring: KeyRing) -> None:
    """Keep a check value of every key that has none. Raises WrongKeys."""
    for name in prove(session, ring):
        session.add(KeyCheck(name=name, value=ring.check_value(name)))
    session.flush()


def _is_not_made_yet(engine: Engine) -> bool:
    """Say whether there is no file yet: to ask SQLite would make one."""
    path = engine.url.database
    return engine.dialect.name == "sqlite" and bool(path) and path != ":memory:" and not Path(str(path)).exists()


def _has_checks(session: Session) -> bool:
    return inspect(session.connection()).has_table(KeyCheck.__tablename__)


def _keep_where_possible(engine: Engine, ring: KeyRing) -> None:
    try:
        with Session(engine) as session, session.begin():
            keep_checks(session, ring)
    except DBAPIError as error:
        log.warning("check values of the keys are kept at the next start (%s)", type(error).__name__)


def _opens(session: Session, ring: KeyRing, number: int) -> bool:
    """Say whether a key opens something that is sealed under its number; true where nothing is."""
    found = False
    for field in REGISTRY.values():
        query = select(*_columns(field)).where(_header(field) == bytes((VERSION, number))).limit(SAMPLE)
        for row in session.execute(query):
            found = True
            if _is_readable(ring, field, row):
                return True
    return not found


# Every sealed field


def _table(field: Encrypted[Any]) -> Table:
    return Base.metadata.tables[field.table]


def _columns(field: Encrypted[Any]) -> list[Column[Any]]:
    return [_table(field).c[name] for name in field.needs()]


def _sealed(field: Encrypted[Any]) -> Column[Any]:
    return _table(field).c[field.column]


def _header(field: Encrypted[Any]) -> Any:
    """Ask for the version and the key number of an envelope."""
    return func.substr(_sealed(field), 1, 2, type_=LargeBinary)


def _is_readable(ring: KeyRing, field: Encrypted[Any], row: Any) -> bool:
    try:
        ring.decrypt(getattr(row, field.column), field.place(row))
    except CannotDecrypt:
        return False
    return True


def count_uses(session: Session, number: int) -> dict[str, int]:
    """Count the fields that are sealed with a key, by table and field; those with none are left out."""
    counts = {}
    for (table, name), field in sorted(REGISTRY.items()):
        header = _header(field) == bytes((VERSION, number))
        count = session.scalar(select(func.count()).select_from(_table(field)).where(header))
        if count:
            counts[f"{table}.{name}"] = count
    return counts


# Sealed anew with the current key


class Resealed(NamedTuple):
    """What one step did: the last row that it saw, how many it sealed anew, how many it could not read."""

    last: Any
    done: int
    unreadable: int


def reseal_some(session: Session, field: Encrypted[Any], after: Any) -> Resealed | None:
    """Seal the next rows of a field anew with the current key; None where none is left behind `after`.

    A row that somebody holds is left for the next time round; one that changed meanwhile keeps what was written.
    """
    ring, ids = keyring.ring(), _table(field).c.id
    old = select(*_columns(field)).where(_header(field) != bytes((VERSION, ring.current)))
    query = old.order_by(ids).limit(BATCH).with_for_update(skip_locked=True)
    rows = session.execute(query.where(ids > after) if after is not None else query).all()
    unreadable = [row for row in rows if not _is_readable(ring, field, row)]
    for row in rows:
        if row not in unreadable:
            _reseal(session, ring, field, row)
    return Resealed(rows[-1].id, len(rows) - len(unreadable), len(unreadable)) if rows else None


def _reseal(session: Session, ring: KeyRing, field: Encrypted[Any], row: Any) -> None:
    sealed, place = getattr(row, field.column), field.place(row)
    unchanged = (_table(field).c.id == row.id, _sealed(field) == sealed)
    anew = ring.encrypt(ring.decrypt(sealed, place), place)
    session.execute(update(_table(field)).where(*unchanged).values({field.column: anew}))


def forget_check(session: Session, number: int) -> None:
    """Forget the check value of a key that is dropped."""
    session.execute(delete(KeyCheck).where(KeyCheck.name == f"field key {number}"))


# What cannot be read


def find_unreadable(session: Session) -> Iterator[str]:
    """Try every sealed field; name the places of those that cannot be read: table.field|row|parent."""
    ring = keyring.ring()
    for _, field in sorted(REGISTRY.items(), key=lambda one: one[0]):
        for row in _every_row(session, field):
            if not _is_readable(ring, field, row):
                yield field.place(row)


def _every_row(session: Session, field: Encrypted[Any]) -> Iterator[Any]:
    query = select(*_columns(field)).where(_sealed(field).is_not(None)).order_by(_table(field).c.id).limit(A_LOOK)
    rows = session.execute(query).all()
    while rows:
        yield from rows
        rows = session.execute(query.where(_table(field).c.id > rows[-1].id)).all()


def note_unreadable(session: Session, places: set[str], *, now: datetime) -> int:
    """Keep which fields cannot be read, for the desk to show. Returns how many are new."""
    short = {"|".join(place.split("|")[:2]) for place in places}
    known = set(session.scalars(select(UnreadableField.place)))
    session.execute(delete(UnreadableField).where(UnreadableField.place.not_in(short)))
    session.add_all(UnreadableField(place=place, found_at=now) for place in sorted(short - known))
    return len(short - known)


class Unread(NamedTuple):
    """A field that cannot be read, as the desk tells of it: which, in which row, and whose where that is known."""

    field: str
    row_id: UUID
    name: str


def list_unread(session: Session, actor: Actor) -> list[Unread]:
    """Return the fields that could not be read at the last look, for the desk."""
    require(actor, Action.SEE_DESK, Subject())
    places = session.scalars(select(UnreadableField.place).order_by(UnreadableField.place).limit(A_LOOK))
    found = [(field, UUID(row_id)) for field, row_id in (place.split("|") for place in places)]
    called: dict[UUID, str] = {}
    for kind, read in ((Request, names.of_requests), (Supporter, names.of_supporters)):
        ids = [row_id for field, row_id in found if field.startswith(f"{kind.__tablename__}.")]
        closed = select(kind.id).where(kind.id.in_(ids), kind.user_id.in_(closed_to(actor.id)))
        called |= read(session, set(ids) - set(session.scalars(closed))) if ids else {}
    return [Unread(field, row_id, called.get(row_id, "")) for field, row_id in found]


def find_faults(session: Session) -> list[Fault]:
    """Say what is wrong with the keys and the fields, each with what to do."""
    try:
        prove(session, keyring.ring())
    except WrongKeys as wrong:
        return [Fault(str(wrong).removesuffix(remedy()).strip(), remedy())]
    counts: dict[str, int] = {}
    for place in find_unreadable(session):
        counts[place.split("|")[0]] = counts.get(place.split("|")[0], 0) + 1
    restore = "Restore these rows from a backup of the time before; docs/runbook.md, Fields that cannot be read."
    return [Fault(f"{count} of {field} cannot be read", restore) for field, count in counts.items()]
