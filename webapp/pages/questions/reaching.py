"""What her own record of how she may be reached changes in the questions, and the ways of meeting that wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from webapp import clock
from webapp.extensions import Session
from webapp.services import questions, requests
from webapp.services.matching import Said
from webapp.services.safety import own_record
from webapp.services.safety.own_record import asks_ways as asks_ways
from webapp.ui import language


@dataclass(frozen=True)
class Closed:
    """Ways that she marked and that count for nothing now, whether she marked any other, and where that changes."""

    ways: list[str]
    nothing_else: bool
    url: str


def read_screen(
    session: Session, hers: requests.Request, screen: str, answers: Mapping[str, Said]
) -> questions.ShownScreen:
    """Return a screen without the questions that her record answers by now. Raises Missing."""
    shown = questions.read_screen(screen, answers, language.current())
    return questions.without_contact(shown) if own_record.is_there(session, hers) else shown


def read_all(session: Session, hers: requests.Request, answers: Mapping[str, Said]) -> list[questions.ShownScreen]:
    """Return every screen that asks her something, without what her record answers."""
    screens = questions.read_all(answers, language.current())
    if not own_record.is_there(session, hers):
        return screens
    return [one for one in map(questions.without_contact, screens) if one.questions]


def closed_ways(
    session: Session,
    hers: requests.Request,
    answers: Mapping[str, Said],
    shown: questions.ShownScreen | None = None,
) -> Closed | None:
    """Say which ways of meeting count for nothing now; of one screen only where it asks for them."""
    if shown is not None and not any(asks_ways(question.id) for question in shown.questions):
        return None
    found = own_record.find_closed_ways(session, hers, answers, language.current(), now=clock.now())
    return Closed(found.ways, found.nothing_else, _safe_hours_url(session, hers)) if found is not None else None


def _safe_hours_url(session: Session, hers: requests.Request) -> str:
    """Return where she names her safe hours: in the questions until she has a record, then on her own page."""
    screen = own_record.screen_of_hours()
    if screen is not None and not own_record.is_there(session, hers):
        return url_for("questions.show_screen", screen=screen, then="summary")
    return url_for("safe_contact.show_part", part="hours")
