"""The command line as other programs use it: documents on stdout, the rest on stderr, exit codes 0, 1 and 2."""

import random
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.matcher.worlds.commands import (
    NEEDS,
    OFFERS,
    ON,
    ROOT,
    Said,
    given,
    inside,
    process,
    write_people,
    write_programme,
)
from tests.matcher.worlds.small_programme import QUESTIONS, WEIGHTS, changed, request, sheet, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme(tmp_path_factory.mktemp("programme"))


def ranked(folder: Path, *more: str) -> Said:
    return inside(*given(folder, "rank", "--format", "json", "--excluded", *more))


def only_the_time(err: str) -> bool:
    return re.fullmatch(r"\d+\.\d\d s\n", err) is not None


# rank, as JSON

MESSAGE = [{"key": str, "values": {"*": object}}]
PART = {"part": str, "points": Decimal, "of": Decimal, "shared": [str], "missing": [str]}
CANDIDATE = {"offer": str, "score": Decimal, "known": Decimal, "parts": [PART], "reasons": MESSAGE, "gaps": MESSAGE}
RANKING = {
    "need": str, "known": Decimal, "candidates": [CANDIDATE], "excluded_by": {"*": int},
    "excluded": [{"offer": str, "gates": [str]}],
}  # fmt: skip
DOCUMENT = {
    "engine": str, "on": str, "questionnaire": {"id": str, "version": int}, "weights": {"version": str, "hash": str},
    "fit": str, "rankings": [RANKING],
}  # fmt: skip


def misfits(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Name every place where a document has another key or type than the shape."""
    if isinstance(shape, list):
        yield from [path] if not isinstance(value, list) else ()
        for item in value:
            yield from misfits(item, shape[0], f"{path}[]")
    elif isinstance(shape, dict):
        if "*" not in shape and list(value) != list(shape):
            yield f"{path}: {list(value)}"
        for key in value:
            yield from misfits(value[key], shape.get(key, shape.get("*", object)), f"{path}.{key}")
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        yield f"{path}: {value!r}"


def test_rank_writes_one_json_document_of_exactly_the_stated_keys_and_types(folder: Path) -> None:
    said = ranked(folder)
    assert said.code == 0
    assert list(misfits(said.json, DOCUMENT)) == []
    assert said.out.startswith("{\n")
    assert said.out.endswith("\n}\n")
    assert only_the_time(said.err), said.err


def test_rank_echoes_what_its_answer_depends_on(folder: Path) -> None:
    said = ranked(folder).json
    assert said["on"] == "2026-11-23"
    assert said["questionnaire"] == {"id": "small", "version": 7}
    assert said["weights"]["version"] == "autumn"
    assert all(re.fullmatch(r"[0-9a-f]{8,64}", one) for one in (said["fit"], said["weights"]["hash"]))


def test_rank_without_a_date_is_of_today(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS, [request(id="r1")])
    before = date.today()
    said = inside(*[part for part in given(tmp_path, "rank", "--format", "json") if part not in ON]).json
    assert before <= date.fromisoformat(said["on"]) <= date.today()


def test_points_have_at_most_five_decimals_and_add_up_to_the_score_exactly(folder: Path) -> None:
    candidates = [one for ranking in ranked(folder).json["rankings"] for one in ranking["candidates"]]
    assert len(candidates) == 6
    for one in candidates:
        points, of = [part["points"] for part in one["parts"]], [part["of"] for part in one["parts"]]
        assert (sum(points), sum(of)) == (one["score"], 100)
        assert all(number.as_tuple().exponent >= -5 for number in (one["score"], *points, *of))
        assert all(0 <= earned <= most for earned, most in zip(points, of, strict=True))


def test_rank_orders_requests_by_waiting_and_supporters_by_score_then_load_then_id(folder: Path) -> None:
    rankings = {ranking["need"]: ranking for ranking in ranked(folder).json["rankings"]}
    assert list(rankings) == ["r1", "r2", "r3"]
    assert {need: [one["offer"] for one in ranking["candidates"]] for need, ranking in rankings.items()} == {
        "r1": ["anna", "bertha", "zoe"],
        "r2": ["zoe", "anna", "bertha"],
        "r3": [],
    }


def test_rank_names_every_gate_by_question_or_column_and_counts_it(folder: Path) -> None:
    first, _, last = ranked(folder).json["rankings"]
    assert first["excluded"] == [
        {"offer": "away", "gates": ["status", "tongues"]},
        {"offer": "full", "gates": ["capacity"]},
        {"offer": "late", "gates": ["trained_until"]},
        {"offer": "london", "gates": ["hours"]},
    ]
    assert first["excluded_by"] == {"status": 1, "tongues": 1, "capacity": 1, "trained_until": 1, "hours": 1}
    assert (last["excluded_by"]["tongues"], last["excluded_by"]["never"]) == (7, 1)


def test_rows_and_columns_in_any_order_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    shuffled = [random.Random(3).sample(people, len(people)) for people in (OFFERS, NEEDS)]
    assert shuffled[0] != OFFERS
    for name, people in zip(("offers.csv", "needs.csv"), shuffled, strict=True):
        columns = sorted({column for person in people for column in person}, reverse=True)
        write(tmp_path, name, sheet(*people, columns=columns))
    write(tmp_path, "q.toml", QUESTIONS)
    write(tmp_path, "w.toml", WEIGHTS)
    assert ranked(tmp_path).out == ranked(folder).out


def test_excluded_are_listed_only_when_asked_for(folder: Path) -> None:
    said = inside(*given(folder, "rank", "--format", "json")).json
    assert all(list(ranking) == ["need", "known", "candidates", "excluded_by"] for ranking in said["rankings"])


def test_top_shows_the_first_of_the_whole_list(folder: Path) -> None:
    whole = ranked(folder).json["rankings"]
    for top in (1, 2, 99):
        said = inside(*given(folder, "rank", "--format", "json", "--excluded", "--top", str(top))).json["rankings"]
        assert said == [{**ranking, "candidates": ranking["candidates"][:top]} for ranking in whole]


# The date


def passing(folder: Path, on: str) -> list[str]:
    said = inside(*given(folder, "rank", "--format", "json", "--on", on))
    return [one["offer"] for one in said.json["rankings"][0]["candidates"]] if said.code == 0 else [said.err]


def test_the_date_decides_what_is_in_date_its_last_day_included(folder: Path) -> None:
    assert "late" in passing(folder, "2026-11-22")
    assert "late" not in passing(folder, "2026-11-23")
    assert passing(folder, "2027-01-02") == []


def test_the_date_decides_the_clock_changes(folder: Path, tmp_path: Path) -> None:
    # Toronto's Monday 18-21 is 23-2 UTC in winter, and London's 22-23 misses it; in the last week of October
    # London has changed and Toronto has not: 22-1 UTC.
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS, [request(id="r1")])
    assert "london" in passing(tmp_path, "2026-10-28")
    assert "london" not in passing(tmp_path, "2026-11-04")


def test_the_date_decides_how_long_she_waits_and_none_may_lie_ahead(folder: Path) -> None:
    said = inside(*given(folder, "rank"))
    assert "r2, waiting 21 days" in said.out
    early = inside(*given(folder, "rank", "--on", "2026-11-01"))
    assert (early.code, early.out) == (1, "")
    assert early.err.startswith("refused: needs.csv row 2 column 'waiting_since' value '2026-11-02': the day is after")


def test_what_holds_beyond_belief_is_judged_by_the_day_that_is_given(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, [{**OFFERS[0], "trained_until": "2037-01-01"}])
    told = "offers.csv row 2 column 'trained_until' value '2037-01-01': the day is more than ten years after 2026-11-23"
    assert told in inside(*given(tmp_path, "rank")).err
    assert inside(*given(tmp_path, "rank", "--on", "2027-01-02")).code == 0


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_ranked_or_refused(tmp_path: Path, on: str) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS, [request(id="r1")])
    assert inside(*given(tmp_path, "rank", "--on", on)).code in (0, 1, 2)


# Other formats


def test_csv_has_a_row_for_each_candidate_and_each_one_ruled_out(folder: Path) -> None:
    said = inside(*given(folder, "rank", "--format", "csv", "--excluded"))
    rows = [line.split(",") for line in said.out.splitlines()]
    parts = ["topics", "wishes", "life", "availability", "interests", "headroom"]
    assert rows[0] == ["need", "place", "offer", "score", "known", *parts, "gates"]
    assert [row[:3] for row in rows[1:4]] == [["r1", "1", "anna"], ["r1", "2", "bertha"], ["r1", "3", "zoe"]]
    assert rows[4] == ["r1", "", "away", "", "", *[""] * 6, "status; tongues"]
    assert len(rows) == 1 + 6 + 4 + 4 + 7
    for row in rows[1:4]:
        assert sum(Decimal(cell) for cell in row[5:11] if cell) == Decimal(row[3])
    assert only_the_time(said.err)


def test_the_table_is_for_people_and_is_what_comes_without_a_format(folder: Path) -> None:
    said = inside(*given(folder, "rank"))
    assert said.out == inside(*given(folder, "rank", "--format", "table")).out
    assert said.out.index("Request r1") < said.out.index("Request r2") < said.out.index("Request r3")
    assert "2026-11-23" in said.out
    assert inside(*given(folder, "rank", "--excluded")).out != said.out


def test_a_questionnaire_in_a_language_that_the_engine_does_not_speak_is_ranked_as_a_table(tmp_path: Path) -> None:
    german = re.sub(r"\{en = (\"[^\"]*\"), fr = \"[^\"]*\"\}", r"{de = \1}", QUESTIONS)
    write_programme(tmp_path, changed('languages = ["en", "fr"]', 'languages = ["de"]', german))
    assert inside(*given(tmp_path, "rank", "--format", "json")).code == 0
    assert inside(*given(tmp_path, "rank")).code == 0


# check


def test_check_says_what_it_has_read_and_that_nothing_is_wrong(folder: Path) -> None:
    said = inside(*given(folder, "check"))
    assert (said.code, only_the_time(said.err)) == (0, True)
    assert said.out.splitlines() == [
        f"q.toml: small version 7, {QUESTIONS.count('[[question]]')} questions",
        f"offers.csv: 7 supporters, {len({column for row in OFFERS for column in row})} columns",
        f"needs.csv: 3 requests, {len({column for row in NEEDS for column in row})} columns",
        "Nothing is wrong.",
    ]
    assert inside("check").out.endswith("Nothing is wrong.\n")


# What is refused, and what is wrong usage


def test_faults_of_both_sheets_are_refused_in_one_pass_and_nothing_is_said(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(
        tmp_path, [*OFFERS, request(id="x", load="-")], [{**NEEDS[0], "stage": "?"}, {**NEEDS[1], "hours": "!"}]
    )
    said = inside(*given(tmp_path, "rank", "--format", "json"))
    assert (said.code, said.out) == (1, "")
    *refused, last = said.err.splitlines()
    assert [line.partition(" value ")[0] for line in refused] == [
        "refused: offers.csv row 9 column 'topics'",
        "refused: needs.csv row 2 column 'stage'",
        "refused: needs.csv row 3 column 'hours'",
    ]
    assert last == "3 faults; nothing was done."


def test_of_very_many_faults_the_first_thousand_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "offers.csv", "id,load\n" + "\n".join(f"s{row},none" for row in range(1_200)))
    said = inside("check", "--offers", str(tmp_path / "offers.csv"))
    assert said.err.count("refused: ") == 1_000
    assert said.err.endswith("\n1200 faults; nothing was done; the first 1000 are listed.\n")


WRONG_FILES = [
    ("--offers", "needs.csv"), ("--needs", "offers.csv"), ("--offers", "w.toml"), ("--offers", "."),
    ("--needs", "nothing.csv"), ("--needs", "q.toml/x"), ("--questionnaire", "w.toml"), ("--questionnaire", "."),
    ("--questionnaire", "needs.csv"), ("--weights", "q.toml"), ("--weights", "nothing.toml"),
]  # fmt: skip


@pytest.mark.parametrize("command", ["check", "rank", "explain"])
@pytest.mark.parametrize(("option", "name"), WRONG_FILES)
def test_a_wrong_file_is_refused_without_a_traceback(folder: Path, command: str, option: str, name: str) -> None:
    pair = ("--need", "r1", "--offer", "anna") if command == "explain" else ()
    said = inside(*given(folder, command, *pair, option, str(folder / name)))
    assert (said.code, said.out) == (1, "")
    assert Path(name).name in said.err
    assert all(line.startswith("refused: ") for line in said.err.splitlines()[:-1])
    assert re.fullmatch(r"\d+ faults?; nothing was done\.", said.err.splitlines()[-1])


WRONG_USAGE = [
    (), ("sing",), ("rank",), ("check", "--format", "json"), ("check", "extra"), ("rank", "--top", "0"),
    ("rank", "--top", "-1"), ("rank", "--top", "٣"), ("rank", "--top", "many"), ("rank", "--format", "xml"),
    ("rank", "--on", "today"),
    ("rank", "--on", "2026-02-30"), ("rank", "--on", ""), ("rank", "--voice", "requester"), ("explain", "--need", "r1"),
    ("explain", "--need", "r1", "--offer", "anna", "--voice", "nurse"),
    ("explain", "--need", "r1", "--offer", "anna", "--language", "de"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_ends_with_two_and_the_usage_on_stderr(folder: Path, arguments: tuple[str, ...]) -> None:
    files = ("rank", "explain") if arguments != ("rank",) else ()
    said = inside(*(given(folder, *arguments) if arguments and arguments[0] in files else arguments))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage: python -m matcher")


@pytest.mark.parametrize("command", ["check", "rank", "round", "supply"])
def test_a_process_says_what_the_command_says(folder: Path, command: str) -> None:
    asked = given(folder, command)
    real, same = process(*asked), inside(*asked)
    assert (real.code, real.out, real.notes) == (same.code, same.out, same.notes)
    assert only_the_time(real.err)


def test_wrong_usage_ends_a_real_process_with_two(folder: Path) -> None:
    said = process(*given(folder, "rank", "--top", "none"))
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[-1].endswith("'none' is not a whole number of 1 or more")


COMMANDS = ["check", "profiles", "rank", "explain", "round", "change", "verify", "supply", "replay"]


@pytest.mark.parametrize("command", [*COMMANDS, ""])
def test_the_page_about_help_holds_what_help_says(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    page = (ROOT / "docs" / "command-line-help.md").read_text(encoding="utf-8")
    (written,) = re.findall(rf"## {command or 'All commands'}\n\n```text\n(.*?)```", page, re.DOTALL)
    assert inside(*filter(None, [command, "--help"])).out == written
