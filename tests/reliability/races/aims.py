"""What a race is made of: forms that meet, and the answers that each may get."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reliability.races.cast import Cast
from tests.reliability.servers.fleet import Shot

WON, LOST = 303, 409
GONE = 410
BY_TEN, BY_FIFTY = 10, 50


@dataclass(frozen=True)
class Aim:
    """One form, and the answers that it may get. Hers is never refused by the database's doing: only WON."""

    shot: Shot
    may: tuple[int, ...] = (WON,)


@dataclass(frozen=True)
class Round:
    """What is sent at the same moment; `wins` is how many of all must win, where that is certain.

    `once` is an act that must have happened exactly once, by the audit.
    """

    aims: Sequence[Aim]
    wins: int | None = None
    once: str | None = None


Race = Callable[[Cast], Round]
