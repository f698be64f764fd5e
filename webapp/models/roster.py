"""One number for the whole roster, so that a process reads only whom it does not know yet: no service can forget it.

Every change of a supporter is noticed as it is flushed. Just before the commit the programme's number is raised, and
those who changed carry it. The programme's row stays locked until then, so numbers are seen in the order of commits;
only the record of the audit is written after it.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from webapp.models.accounts import User
from webapp.models.programmes import Programme
from webapp.models.supporters import Supporter

CHANGED, REMOVED, EVERYONE = "roster_changed", "roster_removed", "roster_everyone"
UNREAD = frozenset({"id", "user_id", "version", "roster_version"})
"""What the engine does not read of a supporter. Everything else counts, so that a new column is never forgotten."""
TABLE = Supporter.__tablename__


def has_changed(session: Session) -> bool:
    """Say whether this session changes the roster and has not committed it: nobody else may learn of it yet."""
    _notice(session)
    return any(session.info.get(mark) for mark in (CHANGED, REMOVED, EVERYONE))


@event.listens_for(Session, "before_flush")
def notice(session: Session, _context: object, _instances: object) -> None:
    """Keep in mind who changes."""
    _notice(session)


def _notice(session: Session) -> None:
    changed: set[UUID] = session.info.setdefault(CHANGED, set())
    changed.update(_changed_in(session))
    if any(isinstance(row, Supporter | User) for row in session.deleted):
        session.info[REMOVED] = True


def _changed_in(session: Session) -> Iterator[UUID]:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Supporter) and (row in session.new or _is_read_anew(row)):
            yield row.id


def _is_read_anew(row: Supporter) -> bool:
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in set(state.attrs.keys()) - UNREAD)


@event.listens_for(Session, "do_orm_execute")
def notice_statements(state: ORMExecuteState) -> None:
    """Keep in mind that many change at once: a statement does not say who."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    name = getattr(table, "name", None)
    if name == TABLE:
        state.session.info[EVERYONE] = True
    if state.is_delete and name in {Supporter.__tablename__, User.__tablename__}:
        state.session.info[REMOVED] = True


@event.listens_for(Session, "before_commit")
def number_changes(session: Session) -> None:
    """Raise the programme's number once for everything that this transaction changed."""
    if session.in_nested_transaction():
        return
    session.flush()
    if has_changed(session):
        _number(session)
    _forget(session)


def _number(session: Session) -> None:
    connection, programmes = session.connection(), Programme.__table__
    them = () if session.info.get(EVERYONE) else (Supporter.id.in_(session.info[CHANGED]),)
    if session.info.get(EVERYONE):  # the others are locked already, and supporters come before the programme
        connection.execute(select(Supporter.id).where(*them).order_by(Supporter.id).with_for_update())
    higher = programmes.c.roster_version + 1
    values = {"roster_version": higher}
    if session.info.get(REMOVED):
        values["roster_removal"] = higher
    number = connection.scalar(update(Programme).values(values).returning(programmes.c.roster_version))
    connection.execute(update(Supporter).where(*them).values(roster_version=number))


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """Nothing of it has happened."""
    _forget(session)


def _forget(session: Session) -> None:
    for mark in (CHANGED, REMOVED, EVERYONE):
        session.info.pop(mark, None)
