"""The command line: check, rank and explain. One document on stdout, faults and times on stderr.

Exit codes: 0 done, 1 the input was refused, 2 wrong usage.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from matcher import column_maps, messages, questionnaire, reports, starting_maps, tables, understood, weights
from matcher.explain import DETAILS, VOICES, explain
from matcher.messages import in_words
from matcher.notes import misspelt, notes
from matcher.people import Need, Offer
from matcher.people_sheets import People, read_needs, read_offers
from matcher.questions import Questionnaire
from matcher.ranking import Roster
from matcher.refusals import Fault, Refused

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
MOST_FAULTS_SHOWN = 1_000
FIRST_YEAR, LAST_YEAR = 1970, 2200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    started = time.perf_counter()
    try:
        said = options.run(options)
    except Refused as refused:
        return _refuse(refused)
    try:
        print(said, flush=True)
    except BrokenPipeError:
        return DONE
    except OSError as error:
        print(f"refused: the output cannot be written ({error.strerror}). Make room and try again.", file=sys.stderr)
        return REFUSED
    print(f"{time.perf_counter() - started:.2f} s", file=sys.stderr)
    return DONE


def _refuse(refused: Refused) -> int:
    for fault in refused.faults[:MOST_FAULTS_SHOWN]:
        print(f"refused: {fault}", file=sys.stderr)
    count = len(refused.faults)
    more = f"; the first {MOST_FAULTS_SHOWN} are listed" if count > MOST_FAULTS_SHOWN else ""
    print(f"{count} {'fault' if count == 1 else 'faults'}; nothing was done{more}.", file=sys.stderr)
    return REFUSED


# Arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m matcher", description="Rank peer supporters for requests, and say why."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check", allow_abbrev=False, help="read the files and say everything that is wrong with them"
    )
    _add_files(check, required=False)
    check.add_argument("--dry-run", action="store_true", help="say what was understood of each sheet")
    check.add_argument("--write-columns", type=Path, metavar="MAP.toml", help="write a starting map of the sheets")
    check.set_defaults(run=_check)
    rank = commands.add_parser("rank", allow_abbrev=False, help="rank the supporters for every request")
    _add_files(rank, required=True)
    _add_output(rank)
    rank.add_argument("--top", type=_positive, default=10, help="how many to show for each request (default 10)")
    rank.add_argument("--excluded", action="store_true", help="list everyone who was ruled out, and by what")
    rank.set_defaults(run=_rank)
    one = commands.add_parser("explain", allow_abbrev=False, help="explain one pair in plain words")
    _add_files(one, required=True)
    _add_output(one)
    one.add_argument("--need", required=True, metavar="ID", help="the id of the request")
    one.add_argument("--offer", required=True, metavar="ID", help="the id of the supporter")
    one.add_argument("--voice", choices=VOICES, default="coordinator", help="for whom (default: coordinator)")
    one.add_argument("--language", choices=messages.languages(), default="en", help="in which language (default: en)")
    one.set_defaults(run=_explain)
    return parser


def _add_files(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--questionnaire", type=Path, default=questionnaire.DEFAULT, metavar="Q.toml")
    parser.add_argument("--offers", type=Path, required=required, metavar="offers.csv", help="the supporters")
    parser.add_argument("--needs", type=Path, required=required, metavar="needs.csv", help="the requests")
    parser.add_argument("--weights", type=Path, default=weights.DEFAULT, metavar="W.toml")
    parser.add_argument("--ignore-extra", action="store_true", help="pass over columns that belong to no question")
    parser.add_argument(
        "--columns", type=Path, metavar="MAP.toml", help="how the sheets of another tool are to be read"
    )
    parser.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook (default: the first)")
    parser.set_defaults(dry_run=False, write_columns=None)
    parser.add_argument("--on", type=_date, default=None, metavar="DATE", help="year-month-day (default: today)")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")


def _date(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date: write year-month-day") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _today(options: argparse.Namespace) -> date:
    on: date | None = options.on
    return on or date.today()


# Reading


def _read_people(options: argparse.Namespace, questions: Questionnaire) -> tuple[People, People]:
    """Read whichever sheets were given, and refuse both together."""
    columns = column_maps.load(options.columns, questions) if options.columns else None
    how: Any = {"ignore_extra": options.ignore_extra, "columns": columns, "tab": options.sheet}
    offers = read_offers(options.offers, questions, **how) if options.offers else People()
    needs = read_needs(options.needs, questions, on=_today(options), **how) if options.needs else People()
    if options.dry_run:
        print(*(understood.report(people, questions) for people in (offers, needs) if people != People()), sep="\n")
    faults = [*offers.faults, *needs.faults]
    if not faults and options.offers and options.needs:
        faults = [*misspelt(options.offers, offers, needs), *misspelt(options.needs, needs, offers)]
    if faults:
        raise Refused(faults)
    return offers, needs


def _note(options: argparse.Namespace, offers: People, needs: People, questions: Questionnaire) -> None:
    """Say beside the result what the sheets leave unprotected."""
    said = notes(questions, (options.offers or Path(), offers), (options.needs or Path(), needs))
    for note in said:
        print(f"note: {note}", file=sys.stderr)


def _roster(options: argparse.Namespace) -> tuple[Roster, tuple[Need, ...]]:
    questions = questionnaire.load(options.questionnaire)
    weighed = weights.load(questions, options.weights)
    offers, needs = _read_people(options, questions)
    _note(options, offers, needs, questions)
    roster = Roster(questionnaire=questions, weights=weighed, on=_today(options)).fit(offers.everyone)
    return roster, tuple(sorted(needs.everyone, key=_longest_waiting_first))


def _longest_waiting_first(need: Need) -> tuple[date, str]:
    return need.waiting_since or date.max, need.id


# Commands


def _check(options: argparse.Namespace) -> str:
    questions = questionnaire.load(options.questionnaire)
    weights.load(questions, options.weights)
    if options.write_columns:
        columns = column_maps.load(options.columns, questions) if options.columns else None
        return starting_maps.write(
            options.write_columns, options.offers, options.needs, questions, columns, options.sheet
        )
    offers, needs = _read_people(options, questions)
    _note(options, offers, needs, questions)
    said = [
        f"{options.questionnaire.name}: {questions.id} version {questions.version}, {len(questions.question)} questions"
    ]
    for path, people, word in ((options.offers, offers, "supporters"), (options.needs, needs, "requests")):
        if path:
            said.append(f"{path.name}: {len(people.everyone)} {word}, {len(people.columns)} columns")
    return "\n".join([*said, "Nothing is wrong."])


def _rank(options: argparse.Namespace) -> str:
    roster, needs = _roster(options)
    ranked = [_ranked(roster, need, options) for need in _with_progress(needs)]
    match options.format:
        case "json":
            return reports.ranking_as_json(roster, roster.on, ranked, excluded=options.excluded)
        case "csv":
            return reports.ranking_as_csv(roster, ranked, excluded=options.excluded)
        case _:
            return tables.ranking_as_table(roster, ranked, excluded=options.excluded)


def _ranked(roster: Roster, need: Need, options: argparse.Namespace) -> reports.RankedNeed:
    ranking = roster.rank(need, options.top, with_excluded=options.excluded)
    return reports.RankedNeed(need, ranking, roster.nearest_outside(need))


def _with_progress(needs: Sequence[Need]) -> Iterator[Need]:
    """Go through the needs; on a terminal, show how far it is."""
    for done, need in enumerate(needs, start=1):
        yield need
        if sys.stderr.isatty():
            bar = "#" * (30 * done // len(needs))
            print(f"\r[{bar:<30}] {done} of {len(needs)}", end="\n" if done == len(needs) else "", file=sys.stderr)


def _explain(options: argparse.Namespace) -> str:
    roster, needs = _roster(options)
    if options.language not in roster.questionnaire.languages:
        spoken = ", ".join(roster.questionnaire.languages)
        _refuse_one(options.questionnaire.name, f"has no {options.language!r} texts", f"It speaks {spoken}.")
    need = next((need for need in needs if need.id == options.need), None)
    offer = next((offer for offer in roster.columns_.offers if offer.id == options.offer), None)
    if need is None:
        _refuse_one(options.needs.name, f"there is no request {options.need!r}", "Give the id of one of its rows.")
    if offer is None:
        _refuse_one(options.offers.name, f"there is no supporter {options.offer!r}", "Give the id of one of its rows.")
    return _say(options, roster, need, offer)


def _refuse_one(place: str, problem: str, remedy: str) -> NoReturn:
    raise Refused([Fault(place, problem, remedy)])


def _say(options: argparse.Namespace, roster: Roster, need: Need, offer: Offer) -> str:
    standing = roster.stand(need, offer.id)
    told = explain(options.voice, need, offer, standing, roster.questionnaire)
    texts = [in_words(message, roster.questionnaire, options.language) for message in told]
    match options.format:
        case "json":
            said = [{"key": m.key, "values": m.values, "text": t} for m, t in zip(told, texts, strict=True)]
            asked = {"need": need.id, "offer": offer.id, "voice": options.voice, "language": options.language}
            return reports.as_json({**reports.heading(roster, roster.on), **asked, "messages": said})
        case "csv":
            return reports.as_csv([["key", "text"], *([m.key, t] for m, t in zip(told, texts, strict=True))])
        case _:
            indented = ("  " * (m.key in DETAILS) + text for m, text in zip(told, texts, strict=True))
            return "\n".join(indented)
