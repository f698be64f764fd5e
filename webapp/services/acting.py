"""The first lines of every act: the row read fresh and locked, and the question whether this person may."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import CursorResult, UpdateBase
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject, may
from webapp.models.rows import Row
from webapp.services.locking import Held, lock_request, lock_rows

Thing = TypeVar("Thing", bound=Row)


class Missing(Exception):
    """Raised for what does not exist and for what is not yours, alike."""


class Refused(Missing):
    """Raised for what is there and not yours: answered like what does not exist, and recorded."""

    def __init__(self, about: UUID | None) -> None:
        super().__init__()
        self.about = about


class Gone(Exception):
    """Raised for what was yours to use once, to somebody who shows that she holds it."""


class TooLate(Exception):
    """Raised when somebody else was quicker, or the time for this is over."""


def load_locked(session: Session, kind: type[Thing], thing_id: UUID) -> Thing:
    """Lock a row until the transaction ends, then read it afresh, even where it was read before. Raises Missing."""
    found = lock_rows(session, kind, kind.id == thing_id)
    if not found:
        raise Missing
    return found[0]


def hold_request(session: Session, request_id: UUID, *, and_supporters: Iterable[UUID] = ()) -> Held:
    """Lock a request and all that hangs on it, in the one order. Raises Missing."""
    held = lock_request(session, request_id, and_supporters=and_supporters)
    if held is None:
        raise Missing
    return held


def load(session: Session, kind: type[Thing], thing_id: UUID) -> Thing:
    """Read a row. Raises Missing."""
    thing = session.get(kind, thing_id)
    if thing is None:
        raise Missing
    return thing


def change(session: Session, statement: UpdateBase) -> int:
    """Change or delete rows by one statement, and return how many it found."""
    done = session.execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Ask whether this person may do this to that. Raises Refused, which is a Missing: it tells nothing."""
    if not may(actor, action, subject):
        raise Refused(subject.owner)
