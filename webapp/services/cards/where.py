"""Where a woman stands and when she should come back: every page of hers that says so asks here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.domain.requests import State
from webapp.models import Request
from webapp.services import requests, waiting
from webapp.services.cards.standing import Standing, read_standing


class Place(StrEnum):
    """What there is for her to do, or to wait for."""

    NOT_BEGUN = "not begun"
    DRAFT = "draft"
    LOOKED_FOR = "looked for"
    CHOOSING = "choosing"
    ASKED = "asked"
    PASSING_ON = "passing on"
    TOGETHER = "together"
    RESTING = "resting"


OF_STATE = {
    State.DRAFT: Place.DRAFT,
    State.WAITING: Place.LOOKED_FOR,
    State.MATCHED: Place.TOGETHER,
    State.PAUSED: Place.RESTING,
}
"""What the state of a request tells alone; of one to whom people are shown, their cards tell the rest."""
NOBODY = Standing(None, [], [], False)


@dataclass(frozen=True)
class Where:
    """One woman's place. `promise` says by when somebody has looked, while she is looked for; `cards` whom she sees.

    `come_back_on` is None where there is something for her to do now, or no day is named.
    """

    place: Place
    request: Request | None = None
    promise: waiting.Waiting | None = None
    cards: Standing = NOBODY
    come_back_on: date | None = None


def read_where(session: Session, actor: Actor, *, now: datetime) -> Where:
    """Say where she stands, with the promise that goes with it."""
    hers = requests.find_open_request(session, actor)
    if hers is None:
        return Where(Place.NOT_BEGUN)
    if hers.state == State.PROPOSED:
        return _among_cards(session, hers, read_standing(session, actor, hers, now=now), now)
    place = OF_STATE[State(hers.state)]
    if place is not Place.LOOKED_FOR:
        return Where(place, hers)
    promise = waiting.read_waiting(session, actor, hers, now=now)
    return Where(place, hers, promise, come_back_on=promise.come_back_on)


def _among_cards(session: Session, hers: Request, cards: Standing, now: datetime) -> Where:
    if cards.asked is not None:
        until: datetime = cards.asked["expires_at"]
        back = None if cards.is_over else until.astimezone(ZoneInfo(hers.time_zone)).date() + timedelta(days=1)
        return Where(Place.PASSING_ON if cards.is_over else Place.ASKED, hers, None, cards, back)
    if cards.cards:
        return Where(Place.CHOOSING, hers, None, cards)
    promise = waiting.promise_anew(session, hers, now=now)  # the worker lays it on the desk within a minute
    return Where(Place.LOOKED_FOR, hers, promise, cards, promise.come_back_on)
