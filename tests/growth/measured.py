"""Every page of every role measured on a served programme: time beside a bare page, bytes, statements, rows, steps."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from tests.growth.filling import fill
from tests.growth.serving import PATIENCE, Answer, Client, served
from tests.growth.site import BARE, COUNTED
from tests.pages.statements import Pages
from tests.pages.story import Story
from tests.programme.browsing import Browser
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import run
from tests.proofs.counts import Count
from webapp.extensions import transaction
from webapp.models import StoredRanking

ROUNDS = 15
BOUNDS = {"reads": 4.0, "leaves a record": 6.0, "ranks": 12.0}
"""At most so many times a bare page."""
RANK = "rank and show"
MOST_STORED, MOST_SHOWN, MOST_MEMORY = 20_000, 60_000, 300_000
"""Bytes of a stored ranking, bytes of a shown one, kilobytes of the worker."""


@dataclass(frozen=True)
class Figure:
    """One page at one size. `times` is how often a bare page fits into its median."""

    page: str
    kind: str
    people: int
    median: float
    times: float
    bytes: int
    statements: int = 0
    rows: int = 0
    steps: int = 0

    @property
    def is_slow(self) -> bool:
        """Say whether it takes more than its bound."""
        return self.times > BOUNDS[self.kind]


@dataclass(frozen=True)
class Grown:
    """All pages at one size, and what holds for the whole process."""

    people: int
    bare: float
    pages: list[Figure]
    first_ranking: float
    warm_after: float
    stored: int
    memory: int

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Grown":
        """Read what as_json returned."""
        return cls(**{**said, "pages": [Figure(**one) for one in said["pages"]]})

    def over(self) -> list[str]:
        """Name what is over its bound."""
        over = [f"{one.page} {one.times:.1f}x" for one in self.pages if one.is_slow]
        over += [f"{one.page} {one.bytes} bytes" for one in self.pages if one.page == RANK and one.bytes > MOST_SHOWN]
        over += [f"first ranking {self.first_ranking / self.bare:.1f}x"] * (
            self.first_ranking / self.bare > BOUNDS["ranks"]
        )
        over += [f"stored {self.stored} bytes"] * (self.stored > MOST_STORED)
        return over + [f"memory {self.memory} kB"] * (self.memory > MOST_MEMORY)


def measure(app: Flask, people: int, *, rounds: int = ROUNDS) -> Grown:
    """Fill a fresh programme with so many people, serve it twice, and measure every page."""
    pages = Pages(Story(app))
    fill(pages, people)
    people_in = {name: pages.story.browser(name) for name in sorted({who for _, who, _ in pages.paths(UUID(int=0))})}
    database, folder = app.config["SETTINGS"].database, app.config["SETTINGS"].instance
    with served(database, folder) as port:
        timed = _Timed(pages, people_in, port, people, rounds)
        warm_after = timed.wait_until_warm()
        first = timed.rank()[0]
        bare, figures = timed.figures()
        memory = int(Client(port).get("/memory").body)
    with served(database, folder, counts=True) as port:
        _Timed(pages, people_in, port, people, rounds).wait_until_warm()
        figures = list(_counted(figures, pages, people_in, port))
    return Grown(people, bare, figures, first, warm_after, _stored(app, pages), memory)


class _Timed:
    """The pages of one served programme."""

    def __init__(self, pages: Pages, browsers: dict[str, Browser], port: int, people: int, rounds: int) -> None:
        self.pages, self.people, self.rounds = pages, people, rounds
        self.clients = {name: Client(port, browser) for name, browser in browsers.items()}
        self.stranger = Client(port)

    def wait_until_warm(self) -> float:
        """Wait until the server says that it is ready to rank; return after how many seconds it was."""
        begun = time.perf_counter()
        while time.perf_counter() - begun < PATIENCE and self.stranger.get("/warm").body == b"no":
            time.sleep(0.05)
        return time.perf_counter() - begun

    def rank(self) -> tuple[float, Answer]:
        """Rank a request and show what came out; return how long both took."""
        return rank_and_show(self.clients["robin"], self.pages)

    def figures(self) -> tuple[float, list[Figure]]:
        """Measure every page, a bare page between any two."""
        bare: list[float] = []
        figures = [self._ranking(bare)]
        ranking = self.rank()[1].headers["path"]
        figures += [self._page(bare, *one) for one in paths(self.pages, UUID(ranking.rsplit("/", 1)[1]))]
        middle = statistics.median(bare)
        timed = [Figure(page, "reads", self.people, took, took / middle, size) for page, took, size in figures]
        return middle, timed

    def _ranking(self, bare: list[float]) -> tuple[str, float, int]:
        took = []
        for _ in range(self.rounds):
            bare.append(self.stranger.get(BARE).took)
            one, shown = self.rank()
            took.append(one)
        return RANK, statistics.median(took), len(shown.body)

    def _page(self, bare: list[float], page: str, who: str, path: str) -> tuple[str, float, int]:
        client = self.clients[who] if who else self.stranger
        took = []
        for _ in range(self.rounds):
            bare.append(self.stranger.get(BARE).took)
            answer = client.get(path)
            assert answer.status == 200, (page, answer.status)
            took.append(answer.took)
        return page, statistics.median(took[1:]), len(answer.body)


def rank_and_show(client: Client, pages: Pages) -> tuple[float, Answer]:
    """Rank a request, follow to its page; return how long both took, and the page."""
    made = client.post(f"/desk/requests/{pages.asking.thing_id}/rank")
    assert made.status == 303, made.status
    shown = client.get(made.headers["location"])
    assert shown.status == 200
    shown.headers["path"] = made.headers["location"]  # type: ignore[index]
    return made.took + shown.took, shown


def paths(pages: Pages, ranking: UUID) -> Iterator[tuple[str, str, str]]:
    """List every page: its name, who opens it (nobody: a visitor), and its address."""
    for path in ("/", "/help", "/sign-in"):
        yield path, "", path
    yield from pages.paths(ranking)


def _counted(figures: list[Figure], pages: Pages, browsers: dict[str, Browser], port: int) -> Iterator[Figure]:
    clients = {"": Client(port), **{name: Client(port, browser) for name, browser in browsers.items()}}
    _, shown = rank_and_show(clients["robin"], pages)
    made = clients["robin"].post(f"/desk/requests/{pages.asking.thing_id}/rank")
    shown = clients["robin"].get(made.headers["location"])
    both = [sum(counts) for counts in zip(made.counts, shown.counts, strict=True)]
    known = {RANK: both}
    for page, who, path in paths(pages, UUID(made.headers["location"].rsplit("/", 1)[1])):
        clients[who].get(path)
        known[page] = clients[who].get(path).counts
    for one in figures:
        *counts, records = known[one.page]
        kind = "ranks" if one.page == RANK else "leaves a record" if records else "reads"
        yield Figure(**{**asdict(one), **dict(zip(COUNTED, counts, strict=False)), "kind": kind})


def _stored(app: Flask, pages: Pages) -> int:
    with app.app_context(), transaction() as session:
        size = func.max(func.length(StoredRanking.content_sealed))
        return session.scalar(select(size).where(StoredRanking.request_id == pages.asking.thing_id)) or 0


def prove(*, long: bool) -> Count:
    """Hold every page at every size against its bound; the short run takes the two smallest sizes."""
    over, tried = [], 0
    databases = OnSqlite()
    for people in (10, 100, 1_000, 10_000) if long else (10, 100):
        with tempfile.TemporaryDirectory(prefix="pairwell-growth-") as folder:
            settings = settings_for(databases.ready(), Path(folder), https=False)
            (grown,) = (measure(app, people) for app in run(settings))
        over += [f"{people:,}: {said}" for said in grown.over()]
        tried += len(grown.pages) + 4
    databases.close()
    return Count(tried, len(over), "; ".join(over))
