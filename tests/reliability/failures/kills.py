"""A server is killed in the middle of writing, over and over: what it confirmed is there, once; nothing by half."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from tests.programme.databases import Databases
from tests.reliability.races.aims import WON
from tests.reliability.races.cast import Cast, withdraw, write
from tests.reliability.races.invariants import broken_in
from tests.reliability.servers.fleet import Server, Shot, fleet
from webapp.extensions import transaction
from webapp.models import Message
from webapp.services import requests

LONGEST, WARM_WITHIN = 0.2, 20.0
"""Seconds for which it may write, once it has confirmed something, before it is killed."""


@dataclass
class Told:
    """What the site confirmed: messages by their words, and whether a woman's request is open (None: nobody knows)."""

    messages: list[str] = field(default_factory=list)
    is_open: bool | None = None
    answers: Counter[int] = field(default_factory=Counter)


def kill_over_and_over(databases: Databases, kills: int) -> tuple[list[str], Told]:
    """Let people write while their server is killed and started anew; return what was lost or half done."""
    chances, told, wrong = random.Random(4), Told(), []
    with fleet(databases, servers=1) as running:
        cast = Cast(running, women=2)
        woman = cast.fresh(0)
        pair = cast.story.introduced(woman, cast.dee)
        for number in range(kills):
            (server,) = running.servers
            writers = [
                _say(server, told, lambda i, n=number: write(cast, woman, pair, f"hers {n}.{i}")),
                _say(server, told, lambda i, n=number: write(cast, cast.dee, pair, f"Dee's {n}.{i}")),
                threading.Thread(target=_begin_and_take_back, args=(cast, server, told)),
            ]
            for writer in writers:
                writer.start()
            _wait_for_a_confirmation(told, len(told.messages))
            time.sleep(chances.uniform(0, LONGEST))
            server.kill()
            for writer in writers:
                writer.join()
            wrong += _not_as_told(cast, told)
            running.servers.clear()
            running.start()
        with running.app.app_context(), transaction() as session:
            kept = Counter(one.body for one in session.scalars(select(Message)))
            wrong += [f"lost: {one}" for one in told.messages if not kept[one]]
            wrong += [f"kept {count} times: {one}" for one, count in kept.items() if count > 1]
            wrong += broken_in(session)
    wrong += [f"answered {status}" for status in told.answers if status not in (0, WON)]
    return wrong, told


def _wait_for_a_confirmation(told: Told, before: int) -> None:
    until = time.monotonic() + WARM_WITHIN
    while len(told.messages) == before and time.monotonic() < until:
        time.sleep(0.002)


def _say(server: Server, told: Told, shot_of: Callable[[int], Shot]) -> threading.Thread:
    def run() -> None:
        for number in range(10_000):
            shot = shot_of(number)
            status = shot.who.post(server.port, shot.path, shot.fields).status
            told.answers[status] += 1
            if status == 0:
                return
            told.messages.append(str(shot.fields["body"]))

    return threading.Thread(target=run)


def _begin_and_take_back(cast: Cast, server: Server, told: Told) -> None:
    her = cast.women[1]
    while True:
        for shot, then in ((Shot(cast.at(her), "/questions"), True), (withdraw(cast, her), False)):
            status = shot.who.post(server.port, shot.path, shot.fields).status
            told.answers[status] += 1
            told.is_open = then if status else None
            if status == 0:
                return


def _not_as_told(cast: Cast, told: Told) -> Iterator[str]:
    if told.is_open is None:
        return
    with cast.fleet.app.app_context(), transaction() as session:
        if (requests.find_open_request(session, cast.women[1].actor) is not None) != told.is_open:
            yield "a request is not as it was confirmed"
