"""What follows right after a supporter has gone away or come back: the same steps as the worker does every minute.

Her own act is kept by now: what fails here is logged, and the worker does it.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.services.absences import asking, telling
from webapp.services.acting import Missing, TooLate

Find = Callable[..., Sequence[Any]]
Act = Callable[..., object]
STEPS: tuple[tuple[str, Find, Act], ...] = (
    ("absences told", telling.list_left, telling.tell),
    ("absences over", telling.list_back, telling.go_on),
    ("covers back", asking.list_back, asking.go_back),
    ("covers shown", asking.list_to_show, asking.show),
)
"""Each finds what is to do, and does one in a transaction of its own."""
log = logging.getLogger(__name__)


def follow(*, now: datetime) -> None:
    """Do what follows from an absence that has begun or ended."""
    try:
        for _, find, act in STEPS:
            with transaction() as session:
                found = find(session, now=now)
            for one in found:
                with transaction() as session:
                    act(session, one, now=now)
    except (SQLAlchemyError, Missing, TooLate, WrongStep) as error:
        log.warning("what follows from an absence is left to the worker: %s", type(error).__name__)
