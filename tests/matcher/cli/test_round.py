"""The commands round and verify as other programs use them: documents, exit codes, and what is refused."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.matcher.worlds.commands import NEEDS, OFFERS, ON, Said, given, inside, write_people, write_programme

KEYS = ["engine", "on", "pairs", "waiting", "matched", "total", "worst", "value", "bound", "gap"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme(tmp_path_factory.mktemp("programme"))


@pytest.fixture(scope="module")
def certificate(folder: Path) -> Path:
    path = folder / "certificate.json"
    assert inside(*given(folder, "round", "--certificate", str(path))).code == 0
    return path


def solved(folder: Path, *more: str) -> Said:
    return inside(*given(folder, "round", "--format", "json", *more))


def test_round_writes_one_json_document_of_exactly_the_stated_keys(folder: Path) -> None:
    said = solved(folder)
    assert said.code == 0
    assert list(said.json) == KEYS
    assert [list(pair) for pair in said.json["pairs"]] == [["need", "offer", "score"]] * 2
    assert [pair["need"] for pair in said.json["pairs"]] == ["r1", "r2"]
    assert (said.json["gap"], said.json["on"]) == (0, "2026-11-23")
    scores = [pair["score"] for pair in said.json["pairs"]]
    assert (said.json["total"], said.json["worst"]) == (sum(scores), min(scores))
    assert all(score.as_tuple().exponent >= -5 for score in scores)


def test_who_waits_is_told_why_by_gates_the_most_frequent_first(folder: Path) -> None:
    (waiting,) = solved(folder).json["waiting"]
    assert waiting["need"] == "r3"
    assert waiting["why"][0] == "tongues"
    assert set(waiting["why"]) >= {"never", "status", "capacity"}


def test_nobody_matched_has_no_worst(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS, [NEEDS[2]])
    said = solved(tmp_path).json
    assert (said["matched"], said["worst"], said["total"], said["value"], said["gap"]) == (0, None, 0, 0, 0)


def test_pin_forbid_floor_and_objective_are_kept(folder: Path) -> None:
    def pairs(*more: str) -> dict[str, str]:
        return {pair["need"]: pair["offer"] for pair in solved(folder, *more).json["pairs"]}

    assert pairs("--pin", "r1=zoe", "--pin", "r2=anna") == {"r1": "zoe", "r2": "anna"}
    assert pairs("--forbid", "r2=zoe")["r2"] != "zoe"
    said = solved(folder, "--floor", "99.99999").json
    assert all(pair["score"] >= Decimal("99.99999") for pair in said["pairs"])
    assert ["floor" in one["why"] for one in said["waiting"] if one["need"] != "r3"].count(True) == 2 - said["matched"]
    values = {objective: solved(folder, "--objective", objective).json["value"] for objective in ("most", "total")}
    assert values["total"] < values["most"]


def test_csv_has_a_row_for_each_woman(folder: Path) -> None:
    rows = inside(*given(folder, "round", "--format", "csv")).out.splitlines()
    assert rows[0] == "need,offer,score,why"
    assert [row.split(",")[0] for row in rows[1:]] == ["r1", "r2", "r3"]
    assert rows[3].startswith("r3,,,tongues; ")


def test_the_table_is_for_people_and_says_that_it_is_proved(folder: Path) -> None:
    said = inside(*given(folder, "round", "--pin", "r1=zoe")).out
    assert said.startswith("Round: 2 of 3 requests have a supporter, with ")
    assert "pinned" in said
    assert "Still waiting" in said
    assert "Proved: no other round on these terms is better" in said


def test_a_pin_that_fails_a_gate_is_refused_with_the_gate(folder: Path) -> None:
    said = solved(folder, "--pin", "r1=full", "--pin", "r9=anna")
    assert (said.code, said.out) == (1, "")
    assert "there is no request 'r9'" in said.err
    said = solved(folder, "--pin", "r1=full")
    assert said.err.startswith("refused: pin r1=full: she is ruled out by the gate 'capacity'.")
    assert "Take the pin out, or correct what is not right any more." in said.err


WRONG_USAGE = [
    ("--floor", "101"), ("--floor", "x"), ("--floor", "nan"), ("--pin", "r1"), ("--pin", "=anna"), ("--forbid", "r1="),
    ("--objective", "best"), ("--format", "xml"), *(("--floor", text) for text in ("1e1", "٤٠", "+4", "1_0", ".5")),
    ("--floor", "12.123456"), ("--on", "٢٠٢٦-١١-٢٣"),
]  # fmt: skip


@pytest.mark.parametrize("more", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_ends_with_two(folder: Path, more: tuple[str, ...]) -> None:
    said = inside(*given(folder, "round", *more))
    assert (said.code, said.out) == (2, "")


# verify


def test_a_certificate_is_proved_on_its_own_date(folder: Path, certificate: Path) -> None:
    arguments = [part for part in given(folder, "verify", "--certificate", str(certificate)) if part not in ON]
    said = inside(*arguments)
    assert said.code == 0, said.err
    assert said.out.startswith("The certificate holds: 2 of 3 requests have a supporter")
    proved = inside(*arguments, "--format", "json").json
    round_ = solved(folder).json
    assert proved["holds"] is True
    assert {key: proved[key] for key in KEYS if key in proved} == {key: round_[key] for key in KEYS if key in proved}
    assert inside(*arguments, "--format", "csv").out.startswith("engine,on,objective,matched,")


def test_a_certificate_that_an_editor_has_saved_with_a_byte_order_mark_is_read(
    folder: Path, certificate: Path, tmp_path: Path
) -> None:
    marked = tmp_path / "marked.json"
    marked.write_text(certificate.read_text(), encoding="utf-8-sig")
    assert inside(*given(folder, "verify", "--certificate", str(marked))).code == 0


def test_a_certificate_of_other_files_or_another_day_is_refused(
    folder: Path, certificate: Path, tmp_path: Path
) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS, NEEDS[:2])
    said = inside(*given(tmp_path, "verify", "--certificate", str(certificate)))
    assert (said.code, said.out) == (1, "")
    assert "refused: certificate people: it was made with" in said.err
    said = inside(*given(folder, "verify", "--certificate", str(certificate), "--on", "2026-11-24"))
    assert "refused: certificate on: it was made with 2026-11-23, here it is 2026-11-24." in said.err


def test_an_altered_certificate_is_refused_with_what_is_wrong(folder: Path, certificate: Path, tmp_path: Path) -> None:
    document = json.loads(certificate.read_text())
    altered = tmp_path / "altered.json"
    altered.write_text(json.dumps({**document, "value": document["value"] + 1}))
    said = inside(*given(folder, "verify", "--certificate", str(altered)))
    assert said.code == 1
    assert "refused: certificate value: it says" in said.err


@pytest.mark.parametrize("text", ["", "[]", "{}", "nothing", '{"on": 3}', "[" * 100_000, '{"on": "2026-11-23"}'])
def test_what_is_no_certificate_is_refused_without_a_traceback(folder: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    arguments = [part for part in given(folder, "verify", "--certificate", str(path)) if part not in ON]
    said = inside(*arguments)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("refused: c")


def test_a_certificate_that_says_one_thing_twice_is_refused(folder: Path, certificate: Path, tmp_path: Path) -> None:
    twice = tmp_path / "twice.json"
    twice.write_text(certificate.read_text().replace('"matched":', '"matched": 3, "matched":', 1))
    said = inside(*given(folder, "verify", "--certificate", str(twice)))
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("refused: twice.json: it says 'matched' twice. Give the file that")


def test_files_that_cannot_be_read_or_written_are_refused(folder: Path) -> None:
    assert inside(*given(folder, "verify", "--certificate", str(folder / "nothing.json"))).code == 1
    said = inside(*given(folder, "round", "--certificate", str(folder)))
    assert (said.code, said.out) == (1, "")
    assert "the certificate cannot be written" in said.err


def test_no_other_file_is_written_over_by_a_certificate(tmp_path: Path) -> None:
    folder = write_programme(tmp_path)
    sheet = folder / "needs.csv"
    before, other = sheet.read_bytes(), folder / "other.txt"
    other.write_text("a list of mine", encoding="utf-8")
    for path in (sheet, folder / "." / "needs.csv", other):
        said = inside(*given(folder, "round", "--certificate", str(path)))
        assert (said.code, said.out) == (1, "")
        assert "a file of this name is there, and it is no certificate" in said.err
    assert sheet.read_bytes() == before
    kept = folder / "kept.json"
    for _ in range(2):
        assert inside(*given(folder, "round", "--certificate", str(kept))).code == 0
