"""What `check` says before anybody is matched: what was understood of a sheet, a starting map, doubts, a swap."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from matcher.errors import Refused
from matcher.questionnaire.loading import load
from matcher.spreadsheets import column_maps, draft_maps
from tests.matcher.worlds.commands import OFFERS, given, inside, write_people, write_programme
from tests.matcher.worlds.small_programme import REQUEST, SUPPORTER, sheet, write

FORM = """\
Timestamp,First name,Lived,Good times,Spare tme
23/11/2026 10:00,Ann,"wine and beer, mourning",evenings,2
23/11/2026 11:00,Bea,mourning,,1
"""
MAP = '[supporter]\npass_over = ["Timestamp"]\ncolumns = {id = "First name", spare = "Spare tme"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_programme(tmp_path)
    write(tmp_path, "form.csv", FORM)
    write(tmp_path, "map.toml", MAP)
    return tmp_path


def checked(folder: Path, *more: str, sheet_name: str = "form.csv") -> tuple[str, ...]:
    return ("check", "--questionnaire", str(folder / "q.toml"), "--weights", str(folder / "w.toml"),
            "--offers", str(folder / sheet_name), "--on", "2026-11-23", *more)  # fmt: skip


def test_a_dry_run_says_what_was_understood(folder: Path) -> None:
    said = inside(*checked(folder, "--columns", str(folder / "map.toml"), "--dry-run"))
    assert said.code == 0
    assert (
        said.out
        == """\
form.csv: UTF-8, comma; headings in row 1; 2 rows
  What each heading feeds:
    'First name' -> id (by map)
    'Spare tme' -> spare (by map)
    'Lived' -> topics (by label)
    'Good times' -> hours (by label)
  Passed over: 'Timestamp'
  What was answered, and most often:
    id: 2 of 2
    spare: 2 of 2: 1 1, 2 1
    topics: 2 of 2: grief 2, alcohol 1
    hours: 1 of 2: evening 1
  The first rows as read:
    row 2: id=Ann | spare=2 | topics=alcohol; grief | hours=evening
    row 3: id=Bea | spare=1 | topics=grief

q.toml: small version 7, 15 questions
form.csv: 2 supporters, 4 columns
Nothing is wrong.
"""
    )


def test_a_dry_run_of_a_sheet_that_is_refused_says_both(folder: Path) -> None:
    write(folder, "bad.csv", FORM.replace("mourning,,", "morning,,"))
    said = inside(*checked(folder, "--columns", str(folder / "map.toml"), "--dry-run", sheet_name="bad.csv"))
    assert said.code == 1
    assert "topics: 1 of 2, 1 not readable: alcohol 1, grief 1" in said.out
    assert "row 3: id=Bea | spare=1 | topics=?" in said.out
    assert "bad.csv row 3 column 'Lived' value 'morning'" in said.err
    assert "Did you mean 'mourning'?" in said.err


def test_a_dry_run_without_a_map_shows_which_headings_are_strange(folder: Path) -> None:
    said = inside(*checked(folder, "--dry-run"))
    assert said.code == 1
    assert "Not understood: 'Timestamp', 'First name', 'Lived', 'Good times', 'Spare tme'" in said.out
    assert inside(*checked(folder, "--dry-run", sheet_name="none.csv")).code == 1


def test_every_command_takes_a_map_and_a_sheet(folder: Path) -> None:
    book = Workbook()
    page = book.create_sheet("Women")
    for row in [line.split(",") for line in sheet(*OFFERS).splitlines()]:
        page.append(row)
    book.save(folder / "offers.csv")
    write(folder, "empty.toml", "")
    more = ("--columns", str(folder / "empty.toml"))
    plain = inside(*given(write_programme(folder / "sub") if (folder / "sub").mkdir() else folder, "rank"))
    assert plain.code == 1  # the first sheet of the workbook is empty
    said = inside(*given(folder, "rank", "--sheet", "Women", *more))
    assert said.code == 0
    write_people(folder)
    assert inside(*given(folder, "rank", *more)).out == inside(*given(folder, "rank")).out == said.out
    pair = ("--need", "r1", "--offer", "anna")
    assert inside(*given(folder, "explain", *more, *pair)).out == inside(*given(folder, "explain", *pair)).out


def test_a_starting_map_names_what_is_left_to_say_and_loads(folder: Path) -> None:
    write(folder, "form.csv", FORM.replace("Bea,mourning", "Bea,loss"))
    said = inside(*checked(folder, "--write-columns", str(folder / "new.toml")))
    assert (said.code, said.out) == (
        0,
        "new.toml is written: 3 headings are not understood yet. Complete it by hand.\n",
    )
    text = (folder / "new.toml").read_text(encoding="utf-8")
    assert '# pass_over = ["Timestamp", "First name", "Spare tme"]' in text
    assert '# spare = "Spare tme"' in text
    assert '# understood: topics = "Lived"' in text
    assert '[supporter.options."topics"]  # one of: alcohol, drugs, grief, moving\n# "loss" = ""' in text
    column_maps.load(folder / "new.toml", load(folder / "q.toml"))
    completed = text.replace('# "loss" = ""', '"loss" = "grief"').replace('# spare = "Spare', 'spare = "Spare')
    completed = completed.replace("# pass_over = [", "pass_over = [").replace(', "First name", "Spare tme"]', "]")
    completed = completed.replace('# id = ["First name", "Last name"]', 'id = "First name"')
    write(folder, "done.toml", completed)
    assert inside(*checked(folder, "--columns", str(folder / "done.toml"))).code == 0


def test_a_starting_map_overwrites_nothing(folder: Path) -> None:
    said = inside(*checked(folder, "--write-columns", str(folder / "map.toml")))
    assert said.code == 1
    assert "the file is there already" in said.err
    assert (folder / "map.toml").read_text() == MAP
    no_sheet = inside("check", "--write-columns", str(folder / "other.toml"))
    assert (no_sheet.code, "no sheet to write a map for" in no_sheet.err) == (2, True)
    with pytest.raises(Refused, match=r"other\.toml: there is no sheet to write a map for\. Add --offers"):
        draft_maps.write(folder / "other.toml", None, None, load(folder / "q.toml"))
    assert "cannot be written" in inside(*checked(folder, "--write-columns", str(folder / "no" / "map.toml"))).err


@pytest.mark.parametrize("extra", [[], ["--ignore-extra"], ["--columns"]])
def test_swapped_sheets_are_said_first_in_one_line(folder: Path, extra: list[str]) -> None:
    hers = {**REQUEST, "adult": "yes", "wants": "", "waiting_since": ""}
    write_people(folder, [hers], [{**SUPPORTER, "status": "active", "capacity": "1"}])
    more = [*extra, *([str(write(folder, "empty.toml", ""))] if "--columns" in extra else [])]
    lines = inside(*given(folder, "rank", *more)).err.splitlines()
    assert lines[0] == (
        "refused: offers.csv: this looks like the sheet of requests (--needs), given as that of supporters (--offers). "
        "3 of its columns belong there alone: were the two swapped?"
    )
    assert any(
        line.startswith("refused: needs.csv: this looks like the sheet of supporters (--offers)") for line in lines
    )


def test_who_brings_a_topic_and_leaves_it_out_is_noted_and_both_count(folder: Path) -> None:
    write_people(folder, [{**SUPPORTER, "not_now": "alcohol; moving"}, {**SUPPORTER, "id": "s2", "not_now": "drugs"}])
    said = inside(*given(folder, "rank", "--excluded", "--format", "json"))
    assert "note: offers.csv: the same stands under topics and not_now of s1 (alcohol). Both count.\n" in said.notes
    ruled_out = {one["offer"]: one["gates"] for one in said.json["rankings"][0]["excluded"]}
    assert "not_now" in ruled_out["s1"]
    assert "not_now" not in ruled_out.get("s2", [])
