"""Threads that start together and act on one database: `python -m tests.reliability.races.racing` for the figures."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.programme.databases import Databases, OnSqlite, serve_postgres
from tests.services.worlds import NOW, World, begin
from webapp.domain import introductions
from webapp.domain.access import Actor
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.models import Introduction, Proposal, Supporter
from webapp.services import offers
from webapp.services.acting import Missing, TooLate

LOST = (Missing, TooLate, WrongStep, NoPlaceLeft, StaleDataError, DBAPIError)

Act = Callable[[Session], object]


def race(world: World, acts: Sequence[Act]) -> Counter[str]:
    """Let every act start at the same moment, each in its own thread and transaction; count how they end."""
    barrier, ends = threading.Barrier(len(acts)), Counter[str]()

    def run(act: Act) -> None:
        barrier.wait()
        try:
            with world.session() as session, session.begin():
                act(session)
            ends["won"] += 1
        except LOST as lost:
            ends[type(lost).__name__] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def last_place(world: World, women: int) -> tuple[Actor, list[UUID]]:
    """Offer one supporter with a single place to many women at once; return her and the offers."""
    offers = []
    with world.session() as session, session.begin():
        supporter, _ = world.supporter(session)
        for _ in range(women):
            woman, request_id = world.request(session)
            offers.append(world.offered(session, woman, request_id))
    return supporter, offers


def accept(supporter: Actor, offer: UUID) -> Act:
    """Accept as the site does."""
    return lambda session: offers.accept_proposal(session, supporter, offer, now=NOW)


def accept_naively(world: World, offer: UUID) -> Act:
    """Accept as one would first write it: look whether there is a place, then take it, without a lock in between."""
    with world.session() as looking:
        proposal = looking.get_one(Proposal, offer)
        supporter = looking.get_one(Supporter, proposal.supporter_id)
        has_place = supporter.taken < supporter.capacity

    def act(session: Session) -> None:
        if has_place:
            session.add(_introduction(session.get_one(Proposal, offer)))

    return act


def _introduction(proposal: Proposal) -> Introduction:
    return Introduction(
        request_id=proposal.request_id,
        supporter_id=proposal.supporter_id,
        proposal_id=proposal.id,
        introduced_at=NOW,
        first_contact_by=NOW,
        until=NOW.date(),
        state=introductions.State.INTRODUCED,
    )


def overbooked(world: World) -> int:
    """Count the live introductions beyond what supporters can hold."""
    with world.session() as session:
        live = Introduction.state.in_(sorted(introductions.LIVE))
        count = select(Supporter.capacity, func.count(Introduction.id)).join(Introduction).where(live)
        rows = session.execute(count.group_by(Supporter.id, Supporter.capacity)).all()
        return sum(max(0, taken - capacity) for capacity, taken in rows)


def double_bookings(databases: Databases, *, naively: bool, rounds: int, threads: int) -> int:
    """Race for the last place over and over; return how many women were promised it beyond the first."""
    extra = 0
    for _ in range(rounds):
        engine = create_engine(databases.ready(), pool_size=threads + 4)
        world = begin(engine)
        supporter, offers = last_place(world, threads)
        race(world, [accept_naively(world, offer) if naively else accept(supporter, offer) for offer in offers])
        extra += overbooked(world)
        engine.dispose()
    return extra


def main(rounds: int = 20, threads: int = 16) -> None:
    """Print double bookings of the guarded and the naive version on both databases."""
    print(f"{'database':<12}{'version':<10}{'rounds':>8}{'threads':>9}{'double bookings':>17}")
    for databases in (OnSqlite(), next(serve_postgres())):
        for naively in (False, True):
            extra = double_bookings(databases, naively=naively, rounds=rounds, threads=threads)
            kind, version = type(databases).__name__[2:].lower(), "naive" if naively else "guarded"
            print(f"{kind:<12}{version:<10}{rounds:>8}{threads:>9}{extra:>17}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
