"""replay: a dated stream of requests under one policy, beside others."""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from matcher.cli.arguments import Commands, add_output, argument, checked, with_progress
from matcher.cli.outputs import write_beside
from matcher.errors import BadAnswer
from matcher.questionnaire import loading, weights
from matcher.questionnaire.schema import Questionnaire
from matcher.replay.draws import Chances
from matcher.replay.policies import Policy, Written, read_floor, read_lasts, read_patience, read_policy
from matcher.replay.simulation import Replays
from matcher.replay.streams import Stream, as_stream, read_sheets
from matcher.reports import replay_chart
from matcher.reports.replays import Replayed, as_compared, replay_as_csv, replay_as_json, replay_as_table
from matcher.rounds.objectives import OBJECTIVES
from matcher.spreadsheets.dates import read_date
from matcher.spreadsheets.people import People

MOST_RUNS, LARGEST_SEED = 1_000, 2**31


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("replay", allow_abbrev=False, help="replay past requests under another policy")
    parser.add_argument("--questionnaire", type=Path, default=loading.DEFAULT, metavar="Q.toml")
    parser.add_argument("--requests", type=Path, required=True, metavar="stream.csv", help="with a column 'arrived'")
    parser.add_argument("--offers", type=Path, required=True, metavar="offers.csv", help="perhaps with joined, left")
    parser.add_argument("--weights", type=Path, default=weights.DEFAULT, metavar="W.toml", help="also measures fit")
    parser.add_argument("--ignore-extra", action="store_true", help="pass over columns that belong to no question")
    _add_policies(parser)
    _add_what_is_assumed(parser)
    add_output(parser)
    parser.add_argument("--plot", type=Path, default=None, metavar="FILE.svg", help="draw it there, too")
    parser.set_defaults(run=run, usage=parser.error)


def _add_policies(parser: argparse.ArgumentParser) -> None:
    policy = argument(read_policy)
    parser.add_argument(
        "--policy",
        type=policy,
        required=True,
        help="on-arrival, daily, weekly or every-10-days, perhaps weekly:floor=40",
    )
    parser.add_argument("--compare", type=policy, nargs="+", default=[], metavar="POLICY", help="others beside it")
    parser.add_argument("--objective", choices=OBJECTIVES, default="fair", help="of rounds (default: fair)")
    parser.add_argument("--floor", type=argument(read_floor), default=0, metavar="POINTS", help="use no pair below")
    parser.add_argument(
        "--patience", type=argument(read_patience), default=None, metavar="WEEKS", help="8, or drawn from 4-12"
    )
    parser.add_argument(
        "--lasts", type=argument(read_lasts), default=read_lasts("12"), metavar="WEEKS", help="default: 12"
    )


def _add_what_is_assumed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--decline-rate", type=_share, default=0.0, metavar="R", help="share of offers declined, 0 to 1"
    )
    parser.add_argument("--expire-rate", type=_share, default=0.0, metavar="R", help="share of offers not answered")
    parser.add_argument("--until", "--on", type=argument(_last_day), default=None, metavar="DATE", help="the last day")
    parser.add_argument("--seed", type=partial(_whole, least=0, most=LARGEST_SEED), default=1, metavar="N")
    parser.add_argument(
        "--runs", type=partial(_whole, least=1, most=MOST_RUNS), default=1, metavar="K", help="that many seeds"
    )


def _last_day(text: str) -> Any:
    day = read_date(text)
    if day is None:
        raise BadAnswer("stream.no_last_day")
    return day


def _share(text: str) -> float:
    share = float(text) if re.fullmatch(r"[0-9]*\.?[0-9]{1,9}", text) else -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1: write for example 0.3")
    return share


def _whole(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and least <= int(text[:12]) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return int(text)


def run(options: argparse.Namespace) -> str:
    """Replay every policy, draw them where asked, and say what came of it. Raises Refused."""
    _check_usage(options)
    questions = loading.load(options.questionnaire)
    policies = _policies(options, questions)
    chances = Chances(options.seed, options.decline_rate, options.expire_rate)
    stream = _stream(options, questions)
    replayed = _replayed(options, questions, stream, policies, chances)
    if options.plot:
        write_beside(options.plot, replay_chart.replay_as_svg(replayed), what="plot")
    match options.format:
        case "json":
            return replay_as_json(replayed)
        case "csv":
            return replay_as_csv(replayed)
        case _:
            return replay_as_table(replayed)


def _check_usage(options: argparse.Namespace) -> None:
    texts = [one.text for one in (options.policy, *options.compare)]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        options.usage(f"policy {twice} is asked for twice: name each once")
    if options.decline_rate + options.expire_rate > 1:
        problem = "more offers would be declined or run out than are made"
        options.usage(f"--decline-rate and --expire-rate: {problem}: let the two sum up to 1 at most")


def _policies(options: argparse.Namespace, questions: Questionnaire) -> list[Policy]:
    everybodys = {name: getattr(options, name) for name in ("objective", "floor", "weights", "patience", "lasts")}
    written: Sequence[Written] = [options.policy, *options.compare]
    return [_policy(one, everybodys, questions) for one in written]


def _policy(written: Written, everybodys: Mapping[str, Any], questions: Questionnaire) -> Policy:
    settings: dict[str, Any] = {**everybodys, **written.settings}
    settings["weights"] = weights.load(questions, settings["weights"])
    return Policy(text=written.text, pace=written.pace, **settings)


def _stream(options: argparse.Namespace, questions: Questionnaire) -> Stream:
    needs, offers = read_sheets(options.requests, options.offers, questions, options.ignore_extra)
    offers, needs = checked(questions, (options.offers, offers), (options.requests, needs))
    stream = as_stream(needs, offers, options.until)
    for note in _left_out(needs, stream):
        sys.stderr.write(f"note: {note}\n")
    return stream


def _left_out(needs: People, stream: Stream) -> list[str]:
    late = len(needs.everyone) - len(stream.requests)
    return [f"requests that arrived after {stream.last} are left out: {late}."] if late else []


def _replayed(
    options: argparse.Namespace,
    questions: Questionnaire,
    stream: Stream,
    policies: Sequence[Policy],
    chances: Chances,
) -> Replayed:
    measure = weights.load(questions, options.weights)
    replays = Replays(stream, questions, measure)
    seeds = [replace(chances, seed=chances.seed + number) for number in range(options.runs)]
    bar = with_progress(range(len(policies) * len(seeds) * len(list(stream.days))))
    compared = [
        as_compared([replays.replay(policy, seed, partial(_counted, bar)) for seed in seeds], stream.last)
        for policy in policies
    ]
    next(bar, None)
    about = {"id": questions.id, "version": questions.version}
    weighed = {"version": measure.version, "hash": measure.hash}
    return Replayed(stream, chances, options.runs, replays.learned.hash, about, weighed, compared)


def _counted(bar: Iterator[int], days: Iterable[date]) -> Iterator[date]:
    for day in days:
        next(bar)
        yield day
