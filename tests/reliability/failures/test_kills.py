"""kill -9 of a server process in the middle of writing: nothing confirmed is lost, nothing is there by half."""

from tests.programme.databases import OnSqlite, serve_postgres
from tests.proofs.counts import Count
from tests.reliability.failures.kills import kill_over_and_over

A_FEW, MANY = 5, 100
"""Kills on each database."""


def test_what_was_confirmed_outlives_a_kill(database):
    wrong, told = kill_over_and_over(database, A_FEW)
    assert wrong == []
    assert told.messages


def prove(*, long: bool) -> Count:
    """Kill a server while people write, on both databases (C4)."""
    kills, server, wrong, confirmed = MANY if long else A_FEW, serve_postgres(), [], 0
    for databases in (OnSqlite(), next(server)):
        found, told = kill_over_and_over(databases, kills)
        wrong, confirmed = wrong + found, confirmed + len(told.messages)
    server.close()
    return Count(2 * kills, len(wrong), "; ".join(wrong[:5]) or f"{confirmed} messages were confirmed, none lost")
