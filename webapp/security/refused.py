"""Acts that were refused to somebody who is signed in: each leaves a record, ids and codes only, whatever page it met.

What does not exist leaves none, nor do visitors, who are led to the sign-in. Beyond so many an hour they are counted.
"""

import logging
from enum import StrEnum
from uuid import UUID

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.domain.access import VISITOR, Actor
from webapp.domain.audited import refused
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.extensions import aside, when_refused
from webapp.security import limits
from webapp.services import audit
from webapp.services.acting import Refused, TooLate

MOST_AN_HOUR = 300
log = logging.getLogger(__name__)


class Why(StrEnum):
    """Why an act was refused."""

    NOT_ALLOWED = "not_allowed"
    TOO_LATE = "too_late"
    WRONG_STEP = "wrong_step"
    NO_PLACE_LEFT = "no_place_left"
    SOMEONE_WAS_QUICKER = "someone_was_quicker"


LOST_RACES = {
    TooLate: Why.TOO_LATE,
    WrongStep: Why.WRONG_STEP,
    NoPlaceLeft: Why.NO_PLACE_LEFT,
}
"""What is final. What the database turned away may be done again: refusals records it when nothing more is tried."""


def init_app(_app: Flask) -> None:
    """Listen to the acts that are refused."""
    if _record_refusal not in when_refused:
        when_refused.append(_record_refusal)


def _record_refusal(error: BaseException) -> None:
    if not has_request_context():
        return
    if isinstance(error, Refused):
        record(Why.NOT_ALLOWED, about=error.about)
    elif request.method == "POST" and type(error) in LOST_RACES:
        record(LOST_RACES[type(error)])


def record(why: Why, about: UUID | None = None) -> None:
    """Record that what this request asks for was refused. Where that cannot be kept, it is logged."""
    actor: Actor = g.get("actor", VISITOR)
    action = getattr(current_app.view_functions.get(request.endpoint or ""), "action", None)
    if actor.id is None or action is None:
        return
    thing, thing_id = next(
        ((n, v) for n, v in (request.view_args or {}).items() if isinstance(v, UUID)), ("page", None)
    )
    try:
        with aside() as session:
            if limits.count_up(session, "refused", str(actor.id), now=clock.now()) <= MOST_AN_HOUR:
                audit.record_by_name(
                    session, actor, refused(action), thing.removesuffix("_id"), at=clock.now(),
                    thing_id=thing_id, about=about, code=why,
                )  # fmt: skip
    except SQLAlchemyError as failure:
        log.error("no record of a refusal in %s: %s", request.endpoint, type(failure).__name__)
