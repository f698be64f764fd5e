"""replay on the command line: three formats and a picture, the same bytes every time, refusals with remedies."""

import csv
import io
import json
import os
import pty
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from matcher.questionnaire.loading import load
from seeds import stream as seeds_stream
from tests.matcher.worlds.commands import ROOT, inside, process
from tests.matcher.worlds.streams import ANNA, BEA, THREE, WANTS, arguments, arriving, day, write_stream

KEYS = ["engine", "on", "questionnaire", "weights", "fit", "from", "until", "supporters", "seed", "runs"]
KEYS += ["decline_rate", "expire_rate", "policies"]
POLICY_KEYS = ["policy", "pace", "objective", "floor", "weights", "patience", "lasts"]
POLICY_KEYS += ["figures", "spread", "weeks", "waits", "scores", "requests"]
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = ("--decline-rate", "0.3", "--expire-rate", "0.2", "--patience", "1-3")
ALL = ("--policy", "weekly", "--compare", "on-arrival", "daily", "weekly:floor=20,objective=most,patience=2,lasts=3")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    return write_stream(tmp_path, THREE, [ANNA, BEA])


def document(folder: Path, *more: str) -> Any:
    said = inside(*arguments(folder, *more, "--format", "json"))
    assert said.code == 0, said.err
    return json.loads(said.out)


# What it says


def test_json_has_the_documented_shape(three: Path) -> None:
    said = document(three, *ALL, *DRAWN)
    assert list(said) == KEYS
    assert (said["from"], said["until"], said["on"]) == (day(0), day(3 + 28), day(3 + 28))
    assert [list(one) for one in said["policies"]] == [POLICY_KEYS] * 4
    last = said["policies"][3]
    assert (last["floor"], last["objective"], last["patience"], last["lasts"]) == (
        20,
        "most",
        {"least": 14, "most": 14},
        21,
    )
    assert said["policies"][0]["patience"] == {"least": 7, "most": 21}
    assert {"need", "arrived", "state", "ended", "offer", "score", "offers"} == set(last["requests"][0])


def test_csv_has_every_number_of_the_json(three: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(inside(*arguments(three, *ALL, "--format", "csv")).out)))
    for one in document(three, *ALL)["policies"]:
        written = {(row["about"], row["of"]): row["value"] for row in rows if row["policy"] == one["policy"]}
        assert {of: v for (about, of), v in written.items() if about == "figures"} == {
            name: "" if value is None else str(value) for name, value in one["figures"].items()
        }
        assert {of: int(v) for (about, of), v in written.items() if about == "waits"} == one["waits"]
        assert {of: int(v) for (about, of), v in written.items() if about == "waiting"} == {
            week["first"]: week["waiting"] for week in one["weeks"]
        }


def test_the_table_sets_policies_side_by_side_and_says_what_it_cannot_tell(three: Path) -> None:
    said = inside(*arguments(three, *ALL)).out
    assert said.startswith(f"Replay of 3 requests and 2 supporters, from {day(0)} to {day(31)}.\n")
    (line,) = (line for line in said.splitlines() if line.startswith("    introduced"))
    assert line.split() == ["introduced", "2", "1", "1", "2"]
    assert "A replay knows only the women who came" in said
    assert "no pair below 20 points; introductions last 3 weeks; she leaves after 2 weeks" in said


def test_runs_say_how_far_the_figures_spread(three: Path) -> None:
    one = document(three, "--policy", "daily", *DRAWN, "--runs", "6")["policies"][0]
    single = [
        document(three, "--policy", "daily", *DRAWN, "--seed", str(seed))["policies"][0]["figures"]
        for seed in range(1, 7)
    ]
    assert one["figures"] == single[0]
    offers = [figures["offers"] for figures in single]
    assert one["spread"]["offers"] == {"mean": round(sum(offers) / 6, 5), "min": min(offers), "max": max(offers)}
    assert min(offers) < max(offers)
    assert (
        f"({min(offers)} to {max(offers)})" in inside(*arguments(three, "--policy", "daily", *DRAWN, "--runs", "6")).out
    )


def test_until_ends_the_replay_and_says_whom_it_leaves_out(three: Path) -> None:
    for word in ("--until", "--on"):
        said = inside(*arguments(three, "--policy", "daily", word, day(2), "--format", "json"))
        assert [one["need"] for one in json.loads(said.out)["policies"][0]["requests"]] == ["r0", "r1"]
        assert f"requests that arrived after {day(2)} are left out: 1." in said.notes


@pytest.mark.parametrize("format_", ["table", "json", "csv"])
def test_an_empty_stream_is_an_answer(tmp_path: Path, format_: str) -> None:
    folder = write_stream(tmp_path, [], [ANNA])
    plot = tmp_path / "plot.svg"
    said = inside(*arguments(folder, *ALL, "--format", format_, "--plot", str(plot)))
    assert said.code == 0, said.err
    assert ElementTree.fromstring(plot.read_text()).tag == f"{SVG}svg"
    if format_ == "table":
        assert said.out.startswith("Replay of 0 requests and 1 supporters.\n")
    if format_ == "json":
        figures = json.loads(said.out)["policies"][0]["figures"]
        assert (figures["requests"], figures["introduced"], figures["fit_mean"]) == (0, 0, None)


def test_without_a_questionnaire_a_stream_is_read_by_the_default_one(tmp_path: Path) -> None:
    stream, supporters = tmp_path / "stream.csv", tmp_path / "offers.csv"
    stream.write_text(f"id,arrived,topics\nr1,{day(0)},alcohol\n", encoding="utf-8")
    supporters.write_text("id,topics\ns1,alcohol\n", encoding="utf-8")
    files = ("--requests", str(stream), "--offers", str(supporters))
    said = inside("replay", *files, "--policy", "daily", "--format", "json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["questionnaire"] == {"id": "recovery", "version": load().version}


def test_a_stream_without_supporters_lets_everyone_wait(tmp_path: Path) -> None:
    folder = write_stream(tmp_path, THREE, [])
    said = document(folder, *ALL)
    assert [one["figures"]["introduced"] for one in said["policies"]] == [0] * 4
    assert [one["figures"]["in_use_mean"] for one in said["policies"]] == [None] * 4


# The same bytes


def test_neither_hash_seed_nor_order_of_rows_changes_a_byte(tmp_path: Path) -> None:
    requests = [arriving(f"r{n}", n // 2, **WANTS) for n in range(6)]
    offers = [{**(ANNA if n % 2 else BEA), "id": f"s{n}", "capacity": "2", "load": "1"} for n in range(3)]
    folder = write_stream(tmp_path, requests, offers)
    asked = arguments(folder, *ALL[:4], *DRAWN, "--format", "json", "--plot", str(tmp_path / "plot.svg"))
    seen = set()
    for seed in ("0", "1"):
        seen.add((process(*asked, PYTHONHASHSEED=seed).out, (tmp_path / "plot.svg").read_text()))
    for seed in range(2):
        random.Random(seed).shuffle(requests)
        random.Random(seed).shuffle(offers)
        write_stream(tmp_path, requests, offers)
        seen.add((inside(*asked).out, (tmp_path / "plot.svg").read_text()))
    assert len(seen) == 1
    assert inside(*asked, "--seed", "2").out not in {out for out, _ in seen}


# The picture


def test_the_picture_needs_nothing_from_elsewhere_and_holds_the_numbers_of_the_table(three: Path) -> None:
    plot = three / "plot.svg"
    said = document(three, *ALL, "--plot", str(plot))
    written = plot.read_text()
    picture = ElementTree.fromstring(written)
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} == {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "text",
    }
    assert re.findall(r"[a-z]+:/+[^\"]*", written) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"href|url\(|\bon[a-z]+=|<script|@import|<!", written)
    words = [element.text for element in picture.iter(f"{SVG}text")]
    assert {one["policy"] for one in said["policies"]} <= set(words)
    drawn = [element for element in picture.iter(f"{SVG}rect") if element.get("rx") is None]
    counted = [count for one in said["policies"] for about in ("waits", "scores") for count in one[about].values()]
    assert len(drawn) == 1 + sum(count > 0 for count in counted)


def test_a_name_of_a_policy_cannot_break_the_picture(three: Path) -> None:
    other = three / 'a&b"<c>.toml'
    other.write_text((three / "w.toml").read_text())
    plot = three / "plot.svg"
    document(three, "--policy", f"weekly:weights={other}", "--plot", str(plot))
    texts = [element.text for element in ElementTree.fromstring(plot.read_text()).iter(f"{SVG}text")]
    assert f"weekly:weights={other}" in texts


# Refusals


def test_bad_days_are_refused_all_at_once_with_place_and_remedy(tmp_path: Path) -> None:
    requests = [
        arriving("r1", 0, **WANTS, left=""),
        {**arriving("r2", 0), "arrived": "", "left": ""},
        {**arriving("r3", 0), "arrived": "1 June", "left": "soon"},
        {**arriving("r4", 9), "left": day(3)},
        {**arriving("r5", 0), "arrived": "3026-06-01", "left": ""},
    ]
    offers = [{**ANNA, "joined": "?", "left": ""}, {**BEA, "joined": day(4), "left": day(2)}]
    said = inside(*arguments(write_stream(tmp_path, requests, offers), "--policy", "daily"))
    assert (said.code, said.out) == (1, "")
    assert [line.split(": ", 2)[1] for line in said.err.splitlines()[:-1]] == [
        "offers.csv row 2 column 'joined' value '?'",
        f"offers.csv id 'bea' column 'left' value '{day(2)}'",
        "stream.csv row 3 column 'arrived' value ''",
        "stream.csv row 4 column 'arrived' value '1 June'",
        "stream.csv row 4 column 'left' value 'soon'",
        "stream.csv row 6 column 'arrived' value '3026-06-01'",
        f"stream.csv id 'r4' column 'left' value '{day(3)}'",
    ]
    assert "the day is missing. Write the day on which the request arrived, for example 2026-11-23." in said.err


def test_a_sheet_without_days_of_arrival_is_refused(tmp_path: Path) -> None:
    folder = write_stream(tmp_path, [], [ANNA])
    head = (folder / "stream.csv").read_text().replace(",arrived", "")
    (folder / "stream.csv").write_text(head)
    said = inside(*arguments(folder, "--policy", "daily"))
    assert said.err.startswith("refused: stream.csv row 1: there is no column 'arrived'. Add one,")


def test_the_columns_of_a_stream_belong_to_a_stream_alone(three: Path) -> None:
    files = {"questionnaire": "q.toml", "weights": "w.toml", "needs": "stream.csv", "offers": "offers.csv"}
    said = inside("rank", *(part for option, name in files.items() for part in (f"--{option}", str(three / name))))
    assert "stream.csv row 1 column 'arrived': no question has this id" in said.err
    (three / "stream.csv").write_text((three / "stream.csv").read_text().replace("arrived", "joined"))
    assert inside(*arguments(three, "--policy", "daily")).code == 1


@pytest.mark.parametrize(
    ("more", "place"),
    [
        (("--until", "2026-05-31"), "until 2026-05-31: the first request arrives on 2026-06-01. Name a l"),
        (("--until", "2036-12-31"), "column 'arrived' of request 'r0': the replay would run from 2026-06-01"),
        (("--compare", "weekly:weights=nothing.toml"), "nothing.toml"),
        (("--plot", "."), "the plot cannot be written"),
        (("--plot", __file__), "a file of this name is there, and it is no plot"),
    ],
)
def test_what_makes_no_sense_together_is_refused(three: Path, more: tuple[str, ...], place: str) -> None:
    said = inside(*arguments(three, "--policy", "daily", *more))
    assert (said.code, said.out) == (1, "")
    assert place in said.err


def test_a_plot_may_be_written_into_an_empty_file(three: Path) -> None:
    plot = three / "plot.svg"
    plot.touch()
    assert inside(*arguments(three, "--policy", "daily", "--plot", str(plot))).code == 0
    assert ElementTree.fromstring(plot.read_text()).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    "more",
    [
        ("--policy", "hourly"),
        ("--policy", "weekly:floor"),
        ("--policy", "weekly:floor=101"),
        ("--policy", "weekly:floor=1,floor=2"),
        ("--policy", "weekly:colour=red"),
        ("--policy", "weekly:objective=best"),
        ("--policy", "on-arrival:objective=most"),
        ("--policy", "weekly:lasts=0"),
        *(("--policy", "daily", *more) for more in (("--patience", "x"), ("--patience", "9-2"), ("--lasts", "0"))),
        *(("--policy", "daily", "--decline-rate", rate) for rate in ("2", "-0.1", "nan", "often")),
        *(("--policy", "daily", "--seed", seed) for seed in ("-1", "1.5", "9" * 30)),
        *(("--policy", "daily", *more) for more in (("--runs", "0"), ("--until", "soon"), ("--floor", "1e1"))),
        *(("--policy", "daily", "--decline-rate", rate) for rate in ("1e-1", "٠.٥", "0_1", "+0.1")),
        *(("--policy", "daily", option, "٤") for option in ("--floor", "--patience", "--lasts", "--seed", "--runs")),
        *(("--policy", f"weekly:{name}=٤") for name in ("floor", "patience", "lasts")),
        ("--policy", "daily", "--compare", "daily"),
        ("--policy", "daily", "--decline-rate", "0.6", "--expire-rate", "0.6"),
        (),
    ],
)
def test_wrong_usage_ends_with_two(three: Path, more: tuple[str, ...]) -> None:
    said = inside(*arguments(three, *more))
    assert (said.code, said.out) == (2, "")
    assert "Traceback" not in said.err


def test_progress_shows_on_a_terminal_alone_day_by_day(three: Path) -> None:
    terminal, other_end = pty.openpty()
    asked = arguments(three, "--policy", "daily", "--compare", "weekly", "--format", "csv", "--until", day(5))
    command = [sys.executable, "-m", "matcher", *asked]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=other_end, check=True)
    os.close(other_end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    days = 2 * 6
    assert f"\r[##                            ] 1 of {days}\r" in shown
    assert f"\r[{'#' * 30}] {days} of {days}\r\n" in shown
    assert done.stdout.decode() == inside(*asked).out


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--policy", "weekly:colour=red"), "'colour' is no setting of a policy. Each of "),
        (("--policy", "weekly:floor=1,floor=2"), "'floor' is written twice. Each of "),
        (("--policy", "daily", "--patience", "x"), "'x' is not a number of weeks. Write for example 8, or 4-12."),
    ],
)
def test_wrong_usage_says_what_to_write_instead(three: Path, more: tuple[str, ...], told: str) -> None:
    assert told in inside(*arguments(three, *more)).err


# The invented stream


def test_the_invented_stream_is_what_its_script_writes(capsys: pytest.CaptureFixture[str]) -> None:
    seeds_stream.main()
    assert capsys.readouterr().out == (ROOT / "seeds" / "stream.csv").read_text(encoding="utf-8")


def test_the_invented_stream_comes_to_what_the_docs_say() -> None:
    files = ["--requests", str(ROOT / "seeds/stream.csv"), "--offers", str(ROOT / "seeds/supporters.csv")]
    said = inside("replay", *files, "--policy", "weekly", "--compare", "on-arrival", "--format", "json")
    assert said.code == 0, said.err
    weekly, on_arrival = json.loads(said.out)["policies"]
    told = " ".join((ROOT / "docs" / "how-matching-works.md").read_text(encoding="utf-8").split())
    at_once, weekly_at_once = on_arrival["waits"]["0"], weekly["waits"]["0"]
    fits = [one["figures"]["fit_mean"] for one in (weekly, on_arrival)]
    claims = (
        f"on arrival, {at_once} of {weekly['figures']['requests']} women meet somebody on the day on which they ask,",
        f"in a weekly rhythm {weekly_at_once}; the weekly round in return finds pairs that fit better,",
        f"{fits[0]:.2f} points on average against {fits[1]:.2f}.",
    )
    assert " ".join(claims) in told
