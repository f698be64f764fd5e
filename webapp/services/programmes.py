"""The programme of this installation: its beginning and its name."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto import keyring
from webapp.domain.access import VISITOR, Role
from webapp.domain.audited import Act
from webapp.models import Programme
from webapp.services import accounts, audit, keys


class AlreadyBegun(Exception):
    """Raised where a programme is set up a second time."""


def begin_programme(session: Session, name: str, *, now: datetime) -> str:
    """Begin the one programme, with its roles. Returns the token of the link for the first coordinator."""
    if read_name(session) is not None:
        raise AlreadyBegun
    programme = Programme(name=name, settings={})
    session.add(programme)
    for role in Role:
        accounts.find_role(session, role)
    keys.keep_checks(session, keyring.ring())
    audit.record(session, VISITOR, Act.PROGRAMME_BEGUN, programme, at=now)
    return accounts.make_link(session, VISITOR, Role.COORDINATOR, now=now)


def read_name(session: Session) -> str | None:
    """Return what users see as the name of the programme."""
    return session.scalars(select(Programme.name)).first()
