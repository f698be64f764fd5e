"""Replays: outcomes known by hand for each policy, and what must hold in whatever world, under whatever policy."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from matcher.ranking.roster import Roster
from matcher.replay.draws import Chances
from matcher.replay.policies import PACES
from matcher.replay.simulation import DAYS_TO_ANSWER, ReplayResult
from matcher.replay.streams import Arrival, Presence, Stream
from tests.matcher.worlds.generated import World, world
from tests.matcher.worlds.markets import fitted
from tests.matcher.worlds.streams import (
    ANNA,
    BEA,
    THREE,
    WANTS,
    any_policy,
    arriving,
    course_of,
    day,
    policy_of,
    replayed,
    stream_of,
    what_became,
    write_stream,
)

SOME, FEW = settings(max_examples=12, deadline=None), settings(max_examples=6, deadline=None)
WAITS = ("waiting", None, None)
randoms = st.integers(0, 10**9).map(Random)


@pytest.fixture
def three(tmp_path: Path) -> Path:
    return write_stream(tmp_path, THREE, [ANNA, BEA])


# By hand


def test_on_arrival_gives_the_best_at_once_and_the_next_woman_waits_for_the_place(three: Path) -> None:
    document = replayed(three, "on-arrival", "--lasts", "1")
    assert what_became(document) == {
        "r0": WAITS,
        "r1": ("introduced", day(1), "anna"),
        "r2": ("introduced", day(8), "anna"),
    }
    assert document["figures"]["introduction_mean"] == 2.5
    assert document["figures"]["introduction_worst"] == 5


def test_daily_sees_no_more_than_on_arrival_while_one_comes_at_a_time(three: Path) -> None:
    assert what_became(replayed(three, "daily", "--lasts", "1")) == what_became(
        replayed(three, "on-arrival", "--lasts", "1")
    )


def test_weekly_lets_both_wait_and_finds_somebody_for_each(three: Path) -> None:
    document = replayed(three, "weekly")
    assert what_became(document) == {
        "r0": WAITS,
        "r1": ("introduced", day(7), "bea"),
        "r2": ("introduced", day(7), "anna"),
    }
    figures = document["figures"]
    assert (figures["requests"], figures["introduced"], figures["waiting"], figures["offers"]) == (3, 2, 1, 2)
    assert (figures["introduction_mean"], figures["introduction_90"], figures["introduction_worst"]) == (5, 6, 6)
    assert figures["waited_worst"] == 3 + 28
    assert (figures["busiest"], figures["idle"], figures["fairness"]) == (1, 0, 1.0)
    assert [week["waiting"] for week in document["weeks"]] == [3, 1, 1, 1, 1]
    assert [week["in_use"] for week in document["weeks"]] == [0, 1, 1, 1, 1]
    assert document["waits"] == {"0": 0, "1-7": 2, "8-14": 0, "15-28": 0, "29-56": 0, "57-84": 0, "85+": 0, "nobody": 1}


def test_a_round_a_day_over_two_who_come_together_finds_somebody_for_each(tmp_path: Path) -> None:
    both = [arriving("r1", 0, **WANTS), arriving("r2", 0, **WANTS, never="bea")]
    folder = write_stream(tmp_path, both, [ANNA, BEA])
    assert replayed(folder, "daily")["figures"]["introduced"] == 2
    assert replayed(folder, "on-arrival")["figures"]["introduced"] == 1


def test_a_floor_of_one_policy_is_not_that_of_another(three: Path) -> None:
    assert what_became(replayed(three, "weekly:floor=99", "--floor", "0"))["r1"] == WAITS
    assert what_became(replayed(three, "weekly:floor=0", "--floor", "99"))["r1"][0] == "introduced"
    assert what_became(replayed(three, "on-arrival", "--floor", "99"))["r1"] == WAITS


def test_on_arrival_keeps_to_the_floor_as_places_fill_and_scores_sink(tmp_path: Path) -> None:
    rows = [arriving("r1", 0, **WANTS), arriving("r2", 1, **WANTS)]
    folder = write_stream(tmp_path, rows, [{**ANNA, "capacity": "2"}])
    first, second = (one["score"] for one in replayed(folder, "on-arrival")["requests"])
    assert second < first
    became = what_became(replayed(folder, "on-arrival", "--floor", str(first), "--lasts", "1"))
    assert became == {"r1": ("introduced", day(0), "anna"), "r2": ("introduced", day(7), "anna")}


def test_whoever_is_declined_by_all_is_offered_once_to_each(three: Path) -> None:
    document = replayed(three, "on-arrival", "--decline-rate", "1")
    offers = {one["need"]: [(o["day"], o["offer"]) for o in one["offers"]] for one in document["requests"]}
    assert offers == {"r0": [], "r1": [(day(1), "anna"), (day(1), "bea")], "r2": [(day(3), "anna")]}
    assert {state for state, *_ in what_became(document).values()} == {"waiting"}
    weekly = replayed(three, "weekly", "--decline-rate", "1")["requests"]
    assert [[o["day"] for o in one["offers"]] for one in weekly] == [[], [day(7), day(14)], [day(7)]]


def test_an_offer_that_runs_out_holds_place_and_woman_for_two_days(three: Path) -> None:
    document = replayed(three, "daily", "--expire-rate", "1")
    offers = {one["need"]: [(o["day"], o["offer"]) for o in one["offers"]] for one in document["requests"]}
    assert offers == {"r0": [], "r1": [(day(1), "anna"), (day(3), "bea")], "r2": [(day(3), "anna")]}


def test_without_patience_a_woman_leaves_on_the_day_on_which_she_came(three: Path) -> None:
    gone = what_became(replayed(three, "on-arrival", "--patience", "0"))
    assert gone == {"r0": ("left", day(0), None), "r1": ("introduced", day(1), "anna"), "r2": ("left", day(3), None)}
    weekly = what_became(replayed(three, "weekly", "--patience", "0"))
    assert {state for state, *_ in weekly.values()} == {"left"}


def test_a_week_of_patience_is_just_enough_for_a_weekly_round(three: Path) -> None:
    assert what_became(replayed(three, "weekly", "--patience", "1"))["r1"] == ("introduced", day(7), "bea")
    assert what_became(replayed(three, "weekly", "--patience", "1"))["r0"] == ("left", day(7), None)


def test_who_stopped_waiting_is_introduced_to_nobody_from_that_day_on(tmp_path: Path) -> None:
    rows = [{**THREE[0], "left": day(4)}, {**THREE[1], "left": day(7)}, {**THREE[2], "left": day(8)}]
    folder = write_stream(tmp_path, rows, [ANNA, BEA])
    became = what_became(replayed(folder, "weekly"))
    assert became["r0"] == ("left", day(4), None)
    assert became["r1"] == ("left", day(7), None)
    assert became["r2"] == ("introduced", day(7), "anna")


def test_a_supporter_who_leaves_or_comes_in_the_middle(tmp_path: Path) -> None:
    offers = [{**ANNA, "left": day(2), "joined": ""}, {**BEA, "left": "", "joined": day(5)}]
    folder = write_stream(tmp_path, [*THREE, arriving("r3", 4, **WANTS)], offers)
    document = replayed(folder, "on-arrival", "--lasts", "1")
    assert what_became(document) == {
        "r0": WAITS,
        "r1": ("introduced", day(1), "anna"),
        "r2": WAITS,
        "r3": ("introduced", day(5), "bea"),
    }
    assert [week["in_use"] for week in document["weeks"]][:2] == [1.0, 0.0]


def test_hours_that_a_clock_change_brings_together_are_found_when_it_comes(tmp_path: Path) -> None:
    late = {"time_zone": "UTC", "hours": "Mon 23:00-24:00"}
    rows = [{**arriving("r1", 0, **WANTS, **late), "arrived": "2026-10-19"}]
    folder = write_stream(tmp_path, rows, [{**ANNA, "hours": "Mon 18:00-19:00"}])
    assert what_became(replayed(folder, "daily")) == {"r1": ("introduced", "2026-11-02", "anna")}


def test_places_that_are_taken_on_the_first_day_come_back_one_by_one_within_the_time(tmp_path: Path) -> None:
    rows = [arriving(f"r{number}", 0, **WANTS) for number in range(3)]
    folder = write_stream(tmp_path, rows, [{**ANNA, "capacity": "3", "load": "3"}])
    days = [ended for _, ended, _ in what_became(replayed(folder, "on-arrival", "--lasts", "2")).values()]
    assert all(day(1) <= ended <= day(14) for ended in days if ended)
    assert None not in days


def test_fit_is_measured_by_everybodys_weights(three: Path) -> None:
    other = (three / "w.toml").read_text().replace("topics = 3", "topics = 1").replace('"autumn"', '"spring"')
    (three / "other.toml").write_text(other)
    policy = f"weekly:weights={three / 'other.toml'}"
    own, foreign = replayed(three, "weekly"), replayed(three, policy)
    assert foreign["weights"]["version"] == "spring"
    assert foreign["weights"]["hash"] != own["weights"]["hash"]
    scores = {one["offer"]: one["score"] for one in own["requests"]}
    assert {one["offer"]: one["score"] for one in foreign["requests"]} == scores
    alone = replayed(three, "weekly", "--weights", str(three / "other.toml"))
    assert {one["offer"]: one["score"] for one in alone["requests"]} != scores


@pytest.mark.parametrize("policy", ["weekly", "daily", "on-arrival"])
def test_the_weeks_are_the_tally_of_what_became_of_everyone(three: Path, policy: str) -> None:
    for rates in ((), ("--decline-rate", "0.5", "--expire-rate", "0.3", "--patience", "1-2")):
        document = replayed(three, policy, *rates)
        for week in document["weeks"]:
            days = {str(date.fromisoformat(week["first"]) + timedelta(days=step)) for step in range(7)}
            ended = [one["state"] for one in document["requests"] if one["ended"] in days]
            answers = [o["answer"] for one in document["requests"] for o in one["offers"] if o["day"] in days]
            assert week["arrived"] == sum(one["arrived"] in days for one in document["requests"])
            assert (week["introduced"], week["left"]) == (ended.count("introduced"), ended.count("left"))
            assert week["offers"] == len(answers)
            assert (week["declined"], week["expired"]) == (answers.count("declined"), answers.count("expired"))


# Whatever happens


@pytest.mark.parametrize("pace", PACES)
@over(rng=randoms)
@SOME
def test_nothing_is_lost_and_nothing_is_done_twice(pace: Any, rng: Random) -> None:
    invented = world(rng, gated=rng.random() < 0.5, most_offers=5, most_needs=6)
    stream = stream_of(rng, invented)
    chances = Chances(rng.randint(0, 99), *rng.choice(((0, 0), (0.3, 0), (0.3, 0.4), (0, 1))))
    policy = any_policy(rng, invented, pace)
    course = course_of(stream, invented, policy, chances)
    assert [one.need for one in course.outcomes] == [one.need.id for one in stream.requests]
    for arrival, outcome in zip(stream.requests, course.outcomes, strict=True):
        _one_story(arrival, outcome, stream)
    _places_are_kept(course, stream)
    for one in (offered for outcome in course.outcomes for offered in outcome.offers):
        assert one.grains >= policy.floor
        assert one.answer == chances.answer(one.need, one.offer)


def _one_story(arrival: Arrival, outcome: Any, stream: Stream) -> None:
    """Check that one request ends in one state, for a reason, and is offered to nobody too early, late or twice."""
    days = [one.day for one in outcome.offers]
    answers = [one.answer for one in outcome.offers]
    assert outcome.arrived == arrival.arrived
    assert days == sorted(days)
    assert all(arrival.arrived <= one <= (outcome.ended or stream.last) for one in days)
    assert arrival.left is None or all(one < arrival.left for one in days)
    assert len({one.offer for one in outcome.offers}) == len(days)
    assert (outcome.state == "introduced") == ("accepted" in answers)
    assert "accepted" not in answers[:-1]
    assert (outcome.ended is None) == (outcome.state == "waiting")
    for before, after in pairwise(outcome.offers):
        assert before.answer == "declined" or (after.day - before.day).days >= DAYS_TO_ANSWER


def _places_are_kept(course: ReplayResult, stream: Stream) -> None:
    """Count from the offers alone what each supporter holds on every day, those of the first day left out."""
    by_id = {one.offer.id: one for one in stream.supporters}
    held: dict[tuple[str, date], int] = {}
    for one in (offered for outcome in course.outcomes for offered in outcome.offers):
        presence = by_id[one.offer]
        assert not presence.joined or presence.joined <= one.day
        assert not presence.left or one.day < presence.left
        length = {"accepted": course.policy.lasts, "expired": DAYS_TO_ANSWER, "declined": 0}[one.answer]
        for passed in range(length):
            held[one.offer, one.day + timedelta(days=passed)] = (
                held.get((one.offer, one.day + timedelta(days=passed)), 0) + 1
            )
    assert all(count <= by_id[offer].offer.capacity for (offer, _), count in held.items())
    for ended in course.days:
        for offer, in_use in ended.in_use.items():
            assert held.get((offer, ended.day), 0) <= in_use <= by_id[offer].offer.capacity


@over(rng=randoms)
@FEW
def test_with_everyone_on_one_day_a_round_introduces_at_least_as_many(rng: Random) -> None:
    invented = world(rng, gated=rng.random() < 0.5, most_offers=5, most_needs=6)
    needs = (replace(need, waiting_since=invented.on) for need in invented.needs)
    requests = tuple(Arrival(need, invented.on) for need in sorted(needs, key=lambda need: need.id))
    supporters = tuple(Presence(offer) for offer in sorted(invented.offers, key=lambda offer: offer.id))
    stream = Stream(requests, supporters, invented.on, invented.on)
    introduced = {
        pace: sum(
            one.state == "introduced"
            for one in course_of(stream, invented, policy_of(invented, pace, objective="most"), Chances()).outcomes
        )
        for pace in PACES
    }
    assert introduced["weekly"] == introduced["daily"] >= introduced["on-arrival"]


@over(rng=randoms)
@FEW
def test_on_arrival_is_the_plain_reading(rng: Random) -> None:
    """Rank everyone who waits every day, with a roster made from nothing each time."""
    invented = world(rng, gated=rng.random() < 0.5, most_offers=5, most_needs=6)
    invented = replace(invented, offers=tuple(replace(offer, load=0) for offer in invented.offers))
    stream = stream_of(rng, invented)
    policy = policy_of(invented, "on-arrival", lasts=rng.choice((2, 7)))
    chances = Chances(rng.randint(0, 99), 0.4)
    course = course_of(stream, invented, policy, chances)
    assert {one.need: (one.accepted and (one.accepted.day, one.accepted.offer)) for one in course.outcomes} == _plainly(
        stream, invented, policy.lasts, chances
    )


def _plainly(stream: Stream, invented: World, lasts: int, chances: Chances) -> dict[str, Any]:
    learned = fitted(invented).learned_
    found: dict[str, Any] = {one.need.id: None for one in stream.requests}
    needs = {one.need.id: one.need for one in stream.requests}
    for today in stream.days:
        for one in stream.requests:
            need_id = one.need.id
            while found[need_id] is None and one.arrived <= today and not (one.left and one.left <= today):
                there = [_as_of(presence, found, today, lasts) for presence in stream.supporters]
                roster = Roster(questionnaire=invented.questionnaire, weights=invented.weights, on=today)
                roster.fit([offer for offer in there if offer], learned)
                candidates = roster.rank(needs[need_id], 1).candidates
                if not candidates:
                    break
                offer = candidates[0].offer
                if chances.answer(need_id, offer) == "accepted":
                    found[need_id] = today, offer
                needs[need_id] = replace(needs[need_id], past=needs[need_id].past | {offer})
    return found


def _as_of(presence: Presence, found: dict[str, Any], today: date, lasts: int) -> Any:
    if (presence.joined and presence.joined > today) or (presence.left and presence.left <= today):
        return None
    days = [pair[0] for pair in found.values() if pair and pair[1] == presence.offer.id]
    load = sum((today - since).days < lasts for since in days)
    last_matched = max(days, default=presence.offer.last_matched)
    return replace(presence.offer, load=load, last_matched=last_matched)
