"""A replay of 500 requests over 26 weeks with 200 supporters, each policy beside one fit of the roster in the same run.

`python -m benchmarks.replay`; name other sizes as 1000x400.
"""

import argparse
import time
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks import invented
from matcher.questionnaire import loading, weights
from matcher.ranking.roster import Roster
from matcher.replay.draws import Chances
from matcher.replay.metrics import figures
from matcher.replay.policies import PACES, Patience, Policy
from matcher.replay.simulation import Replays
from matcher.replay.streams import Arrival, Presence, Stream

FIRST, WEEKS = date(2026, 6, 1), 26
CHANCES = Chances(seed=1, decline=0.2, expire=0.05)
PATIENCE = Patience(42, 84)


def stream_of(requests: int, supporters: int) -> Stream:
    """Invent a stream: requests evenly over the weeks, every supporter there from the first day."""
    questions = loading.load()
    draw = Random(5)
    arrivals = []
    for need in invented.needs(questions, requests):
        arrived = FIRST + timedelta(days=draw.randrange(7 * WEEKS))
        arrivals.append(Arrival(replace(need, waiting_since=arrived), arrived))
    arrivals.sort(key=lambda one: (one.arrived, one.need.id))
    presences = tuple(Presence(offer) for offer in invented.offers(questions, supporters))
    return Stream(tuple(arrivals), presences, FIRST, FIRST + timedelta(days=7 * WEEKS + 28))


def main() -> None:
    """Measure, and print a line for each policy."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", nargs="?", default="500x200")
    requests, supporters = map(int, parser.parse_args().size.split("x"))
    questions = loading.load()
    weighed = weights.load(questions)
    stream = stream_of(requests, supporters)
    started = time.process_time()
    Roster(questionnaire=questions, weights=weighed, on=FIRST).fit([one.offer for one in stream.supporters])
    fit = time.process_time() - started
    print(f"{requests} requests over {WEEKS} weeks, {supporters} supporters; one fit of the roster {fit:.2f} s")
    for pace in PACES:
        policy = Policy(pace, pace, "fair", 0, weighed, PATIENCE, 84)
        started = time.process_time()
        result = Replays(stream, questions, weighed).replay(policy, CHANCES)
        took = time.process_time() - started
        found = figures(result, stream.last)
        said = f"{took:5.1f} s of one processor = {took / fit:5.0f} fits for {len(result.days)} days"
        print(f"{pace:<11} {said}; {found['introduced']} introduced, {found['offers']} offers")


if __name__ == "__main__":
    main()
