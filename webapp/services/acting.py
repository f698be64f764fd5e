"""The first lines of every act: the row read fresh and locked, and the question whether this person may."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject, may
from webapp.models.rows import Row

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
    """Read a row afresh and lock it until the transaction ends. Raises Missing."""
    thing = session.get(kind, thing_id, with_for_update={"of": kind}, populate_existing=True)
    if thing is None:
        raise Missing
    return thing


def load(session: Session, kind: type[Thing], thing_id: UUID) -> Thing:
    """Read a row. Raises Missing."""
    thing = session.get(kind, thing_id)
    if thing is None:
        raise Missing
    return thing


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Ask whether this person may do this to that. Raises Refused, which is a Missing: it tells nothing."""
    if not may(actor, action, subject):
        raise Refused(subject.owner)
