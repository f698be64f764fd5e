"""Acts that meet, through pages of real processes, on both databases: no failure is seen, nobody is promised twice."""

import pytest

from tests.programme.databases import OnSqlite, serve_postgres
from tests.proofs.counts import Count
from tests.reliability.races.driving import drive
from tests.reliability.races.rounds import OPPOSITE, SAME

A_FEW, MANY = 3, 200


@pytest.mark.parametrize("races", [OPPOSITE, SAME], ids=["opposite", "same"])
def test_whatever_meets_ends_well(database, races):
    assert drive(database, races, A_FEW) == []


def prove_opposite(*, long: bool) -> Count:
    """Let acts meet that want opposite things (C3)."""
    return _prove(OPPOSITE, MANY if long else A_FEW)


def prove_same(*, long: bool) -> Count:
    """Send the same form many times at once (C2)."""
    return _prove(SAME, MANY // 10 if long else A_FEW)


def _prove(races, rounds) -> Count:
    server, wrong = serve_postgres(), []
    for databases in (OnSqlite(), next(server)):
        wrong += drive(databases, races, rounds)
    server.close()
    said = "; ".join(sorted(set(wrong))[:5])
    return Count(2 * len(races) * rounds, len(wrong), said or f"{len(races)} races, {rounds} rounds each, 2 databases")
