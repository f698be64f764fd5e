"""Policies that a replay compares: how often offers are made, by which weights and floor, and how long pairs last.

Written as PACE or PACE:setting=value,setting=value, for example weekly:floor=40,objective=most,weights=W.toml.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from matcher.errors import BadAnswer
from matcher.grains import FULL_SCORE, GRAINS_A_POINT
from matcher.questionnaire.weights import Weights
from matcher.rounds.objectives import OBJECTIVES, Objective

PACES = ("on-arrival", "daily", "weekly")
DAYS_A_WEEK = 7
MOST_DAYS = 365
_EVERY = re.compile(r"every-([0-9]{1,3})-days?")
MOST_WEEKS = 520


@dataclass(frozen=True)
class Patience:
    """How many days a woman waits for an introduction before she leaves: drawn for each from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True)
class Policy:
    """One policy. `floor` is in grains, `lasts` in days; `patience` None waits without end.

    `again` says whether two who were introduced may be introduced once more, when she asks again.
    """

    text: str
    pace: str
    objective: Objective
    floor: int
    weights: Weights
    patience: Patience | None
    lasts: int
    again: bool = False

    @property
    def every(self) -> int:
        """Return how many days lie between two looks at who waits."""
        in_days = _EVERY.fullmatch(self.pace)
        return int(in_days[1]) if in_days else DAYS_A_WEEK if self.pace == "weekly" else 1


@dataclass(frozen=True)
class Written:
    """A policy as it was written: the pace, and the settings that differ from everybody's."""

    text: str
    pace: str
    settings: Mapping[str, Any]


def read_policy(text: str) -> Written:
    """Read a policy. Raises BadAnswer.

    >>> read_policy("weekly:floor=40").settings
    {'floor': 4000000}
    """
    pace, _, rest = text.partition(":")
    in_days = _EVERY.fullmatch(pace)
    if pace not in PACES and not (in_days and 1 <= int(in_days[1]) <= MOST_DAYS):
        raise BadAnswer("policy.not_one", pace=pace, paces=PACES, most=MOST_DAYS)
    settings: dict[str, Any] = {}
    for part in rest.split(",") if rest else []:
        name, _, value = part.partition("=")
        if name not in READERS or name in settings:
            key = "policy.setting_twice" if name in settings else "policy.no_setting"
            raise BadAnswer(key, name=name, settings=list(READERS))
        settings[name] = READERS[name](value)
    if pace == "on-arrival" and "objective" in settings:
        raise BadAnswer("policy.no_objective_on_arrival")
    return Written(text, pace, settings)


def read_floor(text: str) -> int:
    """Read points from 0 to 100 with at most five decimals, as grains. Raises BadAnswer."""
    grains = Decimal(text) * GRAINS_A_POINT if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,5})?", text) else Decimal(-1)
    if not 0 <= grains <= FULL_SCORE:
        raise BadAnswer("policy.no_points", text=text)
    return int(grains)


def read_patience(text: str) -> Patience:
    """Read weeks, or the fewest and the most of them, as days. Raises BadAnswer.

    >>> read_patience("8"), read_patience("4-12")
    (Patience(least=56, most=56), Patience(least=28, most=84))
    """
    found = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", text)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not least <= most <= MOST_WEEKS:
        raise BadAnswer("policy.no_patience", text=text)
    return Patience(least * DAYS_A_WEEK, most * DAYS_A_WEEK)


def read_lasts(text: str) -> int:
    """Read how many weeks an introduction lasts, as days. Raises BadAnswer."""
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_WEEKS:
        raise BadAnswer("policy.no_weeks", text=text, most=MOST_WEEKS)
    return int(text) * DAYS_A_WEEK


def read_objective(text: str) -> Objective:
    """Read an objective. Raises BadAnswer."""
    if text not in OBJECTIVES:
        raise BadAnswer("policy.no_objective", text=text, objectives=OBJECTIVES)
    return text


def read_again(text: str) -> bool:
    """Read whether the same two may be introduced again. Raises BadAnswer."""
    if text not in ("yes", "no"):
        raise BadAnswer("policy.neither_yes_nor_no", text=text)
    return text == "yes"


READERS: Mapping[str, Callable[[str], Any]] = {
    "objective": read_objective,
    "floor": read_floor,
    "weights": Path,
    "patience": read_patience,
    "lasts": read_lasts,
    "again": read_again,
}
"""What a policy may set for itself, each with how it is read."""
