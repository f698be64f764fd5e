"""What her other pages ask of her record: whether it is there, and which ways that she marked count for nothing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Request
from webapp.services.engine.answers import Said, questionnaire
from webapp.services.safety import asked, reading
from webapp.services.safety.asked import ClosedWays as ClosedWays  # pages name it by this module
from webapp.services.safety.asked import asks_ways as asks_ways


def is_there(session: Session, request: Request) -> bool:
    """Say whether her record has taken the place of what she answered about reaching her."""
    return reading.find(session, request.user_id) is not None


def find_closed_ways(
    session: Session, request: Request, answers: Mapping[str, Said], language: str, *, now: datetime
) -> ClosedWays | None:
    """Say which ways count for nothing, by her record, or by what she answered where she has none yet."""
    is_on_record = is_there(session, request)
    hours = reading.hours_of(session, request.user_id, now=now) if is_on_record else asked.hours_in(answers)
    return asked.closed_ways(answers, hours, language)


def screen_of_hours() -> str | None:
    """Name the screen of the questions that asks for her safe hours."""
    asks = questionnaire().of_role("safe_hours", "requester")
    return asks.screen_of("requester") if asks is not None else None
