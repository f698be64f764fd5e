"""The last place of a supporter, wanted by many at once through pages: one pair, and kind words for everybody else."""

from tests.programme.databases import Databases, OnSqlite, serve_postgres
from tests.proofs.counts import Count
from tests.reliability.races.cast import Cast, accept
from tests.reliability.races.invariants import broken_in
from tests.reliability.races.racing import double_bookings
from tests.reliability.servers.fleet import fleet
from webapp.extensions import transaction

SHORT, LONG = (2, 8), (20, 50)
"""Rounds, and how many want it at once."""
FEW, EIGHT = 2, 8
"""Server processes."""


def want_the_last_place(databases: Databases, *, servers: int, rounds: int, at_once: int) -> list[str]:
    """Let everybody be accepted at the same moment by the one supporter that she was offered to."""
    wrong = []
    with fleet(databases, servers) as running:
        cast = Cast(running, women=at_once)
        cast.places(cast.dee, 1)
        for _ in range(rounds):
            women = [cast.fresh(number) for number in range(at_once)]
            shots = [accept(cast, cast.dee, cast.offered(woman, cast.dee)) for woman in women]
            statuses = sorted(answer.status for answer in running.fire(shots))
            if statuses != [303] + [409] * (at_once - 1):
                wrong.append(str(statuses))
            with running.app.app_context(), transaction() as session:
                wrong += broken_in(session)
    return wrong


def test_the_last_place_is_given_once_through_pages(database):
    assert want_the_last_place(database, servers=FEW, rounds=2, at_once=8) == []


def prove(*, long: bool) -> Count:
    """Want the last place by many at once, from two and from eight processes; the naive way must overbook (C1)."""
    (rounds, at_once), server, wrong = LONG if long else SHORT, serve_postgres(), []
    postgres = next(server)
    for databases in (OnSqlite(), postgres):
        for servers in (FEW, EIGHT):
            wrong += want_the_last_place(databases, servers=servers, rounds=rounds, at_once=at_once)
    naive = double_bookings(postgres, naively=True, rounds=rounds, threads=at_once)
    server.close()
    if not naive:
        wrong.append("the naive version did not overbook, so this shows nothing")
    note = f"{at_once} at once; written naively, {naive} were promised a place that is not there"
    return Count(4 * rounds, len(wrong), "; ".join(wrong[:3]) or note)
