"""Those with whom somebody's time has ended: what the two wrote, and the questions about it that still wait."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.services import checkins, introductions


@dataclass(frozen=True)
class EarlierPair:
    """A pair that has ended, as one of the two finds it again; with her questions about it, where they wait."""

    id: UUID
    other_name: str
    checkin_id: UUID | None


def list_earlier(session: Session, actor: Actor, *, on: date) -> list[EarlierPair]:
    """Return a person's pairs that have ended, the latest first."""
    ended = [pair for pair in introductions.list_pairs(session, actor) if pair.has_ended]
    due = {one.introduction_id: one.id for one in checkins.list_due(session, actor, on=on)} if ended else {}
    return [EarlierPair(pair.id, pair.other_name, due.get(pair.id)) for pair in ended]
