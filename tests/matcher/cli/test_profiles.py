"""profiles: the vectors of a sheet as CSV and NPZ, and what is refused."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matcher import ALWAYS, Need, load_questionnaire
from matcher.profiles.space import ProfileSpace
from matcher.spreadsheets.people import read_offers
from tests.matcher.worlds.commands import ROOT, inside

SUPPORTERS, REQUESTS = ROOT / "seeds" / "supporters.csv", ROOT / "seeds" / "requests.csv"
DATE = ("--on", "2026-11-23")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_vectors_of_supporters_stand_under_named_columns() -> None:
    said = inside("profiles", "--offers", str(SUPPORTERS), *DATE)
    rows = rows_of(said.out)
    questions = load_questionnaire()
    space, offers = ProfileSpace(questions), read_offers(SUPPORTERS, questions).everyone
    assert said.code == 0
    assert [row["id"] for row in rows] == [offer.id for offer in offers]
    assert [[int(number) for number in list(row.values())[1:]] for row in rows] == space.transform(offers).tolist()


def test_a_star_a_wish_and_months_stand_as_they_were_said() -> None:
    requests = rows_of(inside("profiles", "--needs", str(REQUESTS), *DATE).out)
    assert {row["topics=alcohol"] for row in requests} == {"0", "1", "2"}
    supporters = rows_of(inside("profiles", "--offers", str(SUPPORTERS), *DATE).out)
    assert {"-1", "120"} <= {row["months_steady=alcohol"] for row in supporters}


def test_npz_holds_the_same_numbers_with_their_names(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "matcher", "profiles", "--needs", str(REQUESTS), *DATE, "--format", "npz"]
    written = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    held = np.load(io.BytesIO(written))
    rows = rows_of(inside("profiles", "--needs", str(REQUESTS), *DATE).out)
    assert held["columns"].tolist() == list(rows[0])[1:]
    assert held["ids"].tolist() == [row["id"] for row in rows]
    assert held["profiles"].tolist() == [[int(number) for number in list(row.values())[1:]] for row in rows]
    assert held["questionnaire"].tolist() == ["recovery", str(load_questionnaire().version)]


@pytest.mark.parametrize("sheets", [(), ("--offers", str(SUPPORTERS), "--needs", str(REQUESTS))])
def test_one_sheet_is_asked_for(sheets: tuple[str, ...]) -> None:
    said = inside("profiles", *sheets)
    assert (said.code, said.out) == (2, "")
    assert "give one sheet: --offers or --needs" in said.err


def test_a_sheet_that_is_refused_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("id,topics\nr1,sailing\n", encoding="utf-8")
    said = inside("profiles", "--needs", str(tmp_path / "wrong.csv"), *DATE)
    assert (said.code, said.out) == (1, "")
    assert "'sailing'" in said.err


def test_nobody_has_no_rows_and_who_said_nothing_only_zeros() -> None:
    space = ProfileSpace(load_questionnaire())
    assert space.transform([]).shape == (0, len(space.get_feature_names_out()))
    assert space.transform([Need(id="r1", safe_hours=ALWAYS)]).max() == 0
