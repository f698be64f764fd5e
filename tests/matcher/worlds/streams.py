"""Streams for the tests of replays: a small sheet whose outcome is known by hand, and invented worlds with days."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from matcher.replay.draws import Chances
from matcher.replay.policies import Patience, Policy
from matcher.replay.simulation import ReplayResult, Replays
from matcher.replay.streams import Arrival, Presence, Stream
from tests.matcher.worlds.commands import Said, inside
from tests.matcher.worlds.generated import World
from tests.matcher.worlds.small_programme import QUESTIONS, WEIGHTS, request, sheet, supporter, write

MONDAY = date(2026, 6, 1)
Row = dict[str, str]


def day(number: int) -> str:
    """Name a day of the stream; 0 is its first Monday."""
    return (MONDAY + timedelta(days=number)).isoformat()


def arriving(need: str, number: int, **cells: str) -> Row:
    """Give one row of a stream: the usual request, arriving on a day."""
    return request(id=need, arrived=day(number), **cells)


LIKED = {"topics": "alcohol; grief", "capacity": "1", "load": "0"}
ANNA = supporter(**LIKED, id="anna")
BEA = supporter(**{**LIKED, "topics": "grief", "months_steady": "alcohol=24; grief=60"}, id="bea")
WANTS = {"topics": "alcohol; grief"}
THREE = [
    arriving("r0", 0, **WANTS, never="anna; bea"),
    arriving("r1", 1, **WANTS),
    arriving("r2", 3, **WANTS, never="bea"),
]
"""Nobody is there for r0. r1 is best with anna and well enough with bea, r2 can have anna alone."""


def write_stream(folder: Path, requests: list[Row], offers: list[Row]) -> Path:
    """Write a stream with everything else that it needs."""
    write(folder, "q.toml", QUESTIONS)
    write(folder, "w.toml", WEIGHTS)
    write(folder, "stream.csv", sheet(*requests, columns=_columns(requests, {**request(), "arrived": ""})))
    write(folder, "offers.csv", sheet(*offers, columns=_columns(offers, supporter())))
    return folder


def _columns(rows: list[Row], usual: Row) -> list[str]:
    return list(dict.fromkeys(column for row in [*rows, usual] for column in row))


def arguments(folder: Path, *more: str) -> list[str]:
    """Give the arguments of replay with all four files."""
    files = {"questionnaire": "q.toml", "weights": "w.toml", "requests": "stream.csv", "offers": "offers.csv"}
    return ["replay", *(part for option, name in files.items() for part in (f"--{option}", str(folder / name))), *more]


def replayed(folder: Path, policy: str, *more: str) -> Any:
    """Replay the files of a folder and return the document of the one policy."""
    said: Said = inside(*arguments(folder, "--policy", policy, "--format", "json", *more))
    assert said.code == 0, said.err
    (document,) = json.loads(said.out)["policies"]
    return document


def what_became(document: Mapping[str, Any]) -> dict[str, tuple[str, str | None, str | None]]:
    """Give state, last day and supporter of every request."""
    return {one["need"]: (one["state"], one["ended"], one["offer"]) for one in document["requests"]}


# Invented


def stream_of(rng: Random, world: World, days: int = 25) -> Stream:
    """Let the people of an invented world come and go over some weeks."""
    first = world.on
    last = first + timedelta(days=days)

    def some_day() -> date:
        return first + timedelta(days=rng.randint(0, days))

    requests = []
    for need in world.needs:
        arrived = min(some_day(), some_day())
        left = max(arrived, some_day()) if rng.random() < 0.2 else None
        requests.append(Arrival(replace(need, waiting_since=arrived), arrived, left))
    requests.sort(key=lambda one: (one.arrived, one.need.id))
    requests[0] = replace(requests[0], arrived=first, need=replace(requests[0].need, waiting_since=first))
    supporters = []
    for offer in sorted(world.offers, key=lambda one: one.id):
        joined = some_day() if rng.random() < 0.3 else None
        left = max(joined or first, some_day()) if rng.random() < 0.2 else None
        supporters.append(Presence(offer, joined, left))
    requests.sort(key=lambda one: (one.arrived, one.need.id))
    return Stream(tuple(requests), tuple(supporters), first, last)


def policy_of(world: World, pace: Any, **settings: Any) -> Policy:
    """Give a policy, introductions lasting one week unless said otherwise."""
    usual = {"objective": "fair", "floor": 0, "weights": world.weights, "patience": None, "lasts": 7}
    return Policy(text=pace, pace=pace, **{**usual, **settings})


def any_policy(rng: Random, world: World, pace: Any) -> Policy:
    """Invent a policy of a pace."""
    patience = rng.choice((None, Patience(0, 0), Patience(3, 14)))
    floor = rng.choice((0, 0, 3_000_000))
    objective = rng.choice(("fair", "most", "total"))
    return policy_of(world, pace, patience=patience, floor=floor, objective=objective, lasts=rng.choice((1, 7, 21)))


def course_of(stream: Stream, world: World, policy: Policy, chances: Chances) -> ReplayResult:
    """Replay a stream of an invented world."""
    return Replays(stream, world.questionnaire, world.weights).replay(policy, chances)
