"""A person who asks several times: never the same two again unless the policy says so, and a pace in days."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from matcher.replay.draws import Chances
from matcher.replay.policies import PACES
from matcher.replay.streams import Arrival
from tests.matcher.worlds.commands import inside
from tests.matcher.worlds.generated import world
from tests.matcher.worlds.streams import (
    ANNA,
    BEA,
    WANTS,
    any_policy,
    arguments,
    arriving,
    course_of,
    day,
    replayed,
    stream_of,
    write_stream,
)

AGAIN = [arriving("r1", 0, **WANTS), arriving("r1", 21, **WANTS)]
SOME = settings(max_examples=12, deadline=None)
randoms = st.integers(0, 10**9).map(Random)


def met(folder: Path, policy: str, *more: str) -> list[tuple[str | None, str | None]]:
    """Give for each request in order of arrival the day on which it ended and the supporter."""
    return [(one["ended"], one["offer"]) for one in replayed(folder, policy, "--lasts", "1", *more)["requests"]]


@pytest.mark.parametrize("pace", PACES)
def test_the_same_two_are_not_introduced_again(tmp_path: Path, pace: str) -> None:
    both = write_stream(tmp_path, AGAIN, [ANNA, BEA])
    assert met(both, pace) == [(day(0), "anna"), (day(21), "bea")]
    alone = write_stream(tmp_path, AGAIN, [ANNA])
    assert met(alone, pace) == [(day(0), "anna"), (None, None)]


@pytest.mark.parametrize("pace", PACES)
def test_a_policy_may_introduce_the_same_two_again(tmp_path: Path, pace: str) -> None:
    folder = write_stream(tmp_path, AGAIN, [ANNA, BEA])
    assert met(folder, f"{pace}:again=yes") == [(day(0), "anna"), (day(21), "anna")]
    assert met(folder, f"{pace}:again=no") == met(folder, pace)


def test_who_said_no_is_not_asked_again_whatever_the_policy(tmp_path: Path) -> None:
    folder = write_stream(tmp_path, AGAIN, [ANNA])
    (document,) = [replayed(folder, "on-arrival:again=yes", "--decline-rate", "1")]
    assert [len(one["offers"]) for one in document["requests"]] == [1, 0]


def test_a_request_waits_for_the_earlier_one_of_the_same_person(tmp_path: Path) -> None:
    rows = [arriving("r1", 0, **WANTS, never="anna"), arriving("r1", 1, **WANTS)]
    folder = write_stream(tmp_path, rows, [ANNA, {**BEA, "joined": day(4)}])
    assert met(folder, "on-arrival") == [(day(4), "bea"), (day(5), "anna")]
    rows[0]["left"], rows[1]["left"] = day(3), ""
    assert met(write_stream(tmp_path, rows, [ANNA]), "daily") == [(day(3), None), (day(3), "anna")]


def test_each_request_is_read_with_its_own_answers(tmp_path: Path) -> None:
    rows = [arriving("r1", 0, **WANTS), arriving("r1", 21, topics="grief", tongues="french")]
    folder = write_stream(tmp_path, rows, [ANNA, BEA, {**BEA, "id": "zoe", "tongues": "french"}])
    assert met(folder, "on-arrival") == [(day(0), "anna"), (day(21), "zoe")]


def test_supporters_whom_she_met_earlier_are_passed_over_while_two_requests_are_open(tmp_path: Path) -> None:
    folder = write_stream(tmp_path, [arriving("r1", 0, **WANTS), arriving("r1", 1, **WANTS)], [ANNA])
    assert met(folder, "weekly:lasts=8", "--until", day(30)) == [(day(0), "anna"), (None, None)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("r1", 0), ("r1", 0)], f"stream.csv id 'r1' column 'arrived' value '{day(0)}': she asks twice on this day."),
        ([("r1", 0), ("R1", 5)], "stream.csv row 3 column 'id' value 'R1': row 2 has 'r1', the same id but for"),
        (
            [("r1", 0), ("r1", 3), ("r-1", 5)],
            "stream.csv row 4 column 'id' value 'r-1': row 2 has 'r1', the same id but",
        ),
    ],
)
def test_requests_that_may_be_one_are_refused(tmp_path: Path, rows: list[tuple[str, int]], told: str) -> None:
    folder = write_stream(tmp_path, [arriving(one, number, **WANTS) for one, number in rows], [ANNA])
    said = inside(*arguments(folder, "--policy", "daily"))
    assert said.code == 1
    assert told in said.err


def test_a_supporter_stands_in_one_row(tmp_path: Path) -> None:
    said = inside(*arguments(write_stream(tmp_path, AGAIN, [ANNA, ANNA]), "--policy", "daily"))
    assert "offers.csv row 3 column 'id' value 'anna': row 2 has this id already" in said.err


@pytest.mark.parametrize("pace", ["on-arrival", "daily", "weekly", "every-3-days"])
@over(rng=randoms)
@SOME
def test_nobody_is_introduced_twice_to_one_supporter_in_whatever_world(pace: str, rng: Random) -> None:
    invented = world(rng, gated=False, most_offers=5, most_needs=6)
    stream = stream_of(rng, invented)
    some = [replace(one, arrived=one.arrived + timedelta(days=rng.randint(1, 9))) for one in stream.requests]
    again = [Arrival(replace(o.need, waiting_since=o.arrived), o.arrived) for o in some if o.arrived <= stream.last]
    requests = sorted((*stream.requests, *again), key=lambda one: (one.arrived, one.need.id))
    stream = replace(stream, requests=tuple(requests))
    course = course_of(stream, invented, any_policy(rng, invented, pace), Chances(rng.randint(0, 99), 0.2, 0.1))
    offered = Counter((one.need, one.offer) for outcome in course.outcomes for one in outcome.offers)
    assert [(one.need, one.arrived) for one in course.outcomes] == [(one.need.id, one.arrived) for one in requests]
    assert set(offered.values()) <= {1}


# A pace in days


def test_a_pace_in_days_looks_on_those_days_alone(tmp_path: Path) -> None:
    rows = [arriving(f"r{number}", number, **WANTS) for number in range(5)]
    folder = write_stream(tmp_path, rows, [{**ANNA, "capacity": "9"}])
    assert [ended for ended, _ in met(folder, "every-3-days")] == [day(0), day(3), day(3), day(3), day(6)]
    assert met(folder, "every-1-day") == met(folder, "daily")
    assert met(folder, "every-7-days") == met(folder, "weekly")
    said = inside(*arguments(folder, "--policy", "every-10-days:floor=20,again=yes"))
    assert "every-10-days:floor=20,again=yes: a round every 10 days, objective fair" in said.out
    assert "the same two may meet again" in said.out
    assert '"pace": "every-10-days"' in inside(*arguments(folder, "--policy", "every-10-days", "--format", "json")).out


@pytest.mark.parametrize(
    "policy", ["every-0-days", "every-366-days", "every-x-days", "every-3", "every-٣-days", "daily:again=perhaps"]
)
def test_a_pace_that_is_none_is_wrong_usage(tmp_path: Path, policy: str) -> None:
    said = inside(*arguments(write_stream(tmp_path, AGAIN, [ANNA]), "--policy", policy))
    assert said.code == 2
    assert re.search(r"every-10-days|Write yes or no", said.err)
