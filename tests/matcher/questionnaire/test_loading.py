"""Loading a questionnaire: what is taken, however the file was saved, and which files are refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from matcher.errors import Fault
from matcher.questionnaire.loading import load
from matcher.questionnaire.schema import Closeness, Coverage, Option, Overlap, Steady
from tests.matcher.worlds.small_programme import EXAMPLE, QUESTIONS, changed, faults_of, questionnaire, write


def faults(folder: Path, text: str | bytes) -> tuple[Fault, ...]:
    path = write(folder, "small.toml", text)
    return faults_of(lambda: load(path))


def test_the_small_questionnaire_is_taken_however_the_file_was_saved(tmp_path: Path) -> None:
    for text in (QUESTIONS, "\ufeff" + QUESTIONS, QUESTIONS.replace("\n", "\r\n")):
        assert load(write(tmp_path, "small.toml", text)) == questionnaire()


def test_the_example_of_the_design_is_taken(tmp_path: Path) -> None:
    example = load(write(tmp_path, "example.toml", EXAMPLE))
    (topics,) = example.question
    assert (example.id, example.version, example.languages) == ("recovery", 3, ("en", "fr"))
    assert (topics.stars, topics.sensitive, topics.part) == (3, True, "topics")
    assert topics.option("alcohol").family == "substances"
    assert topics.match == Coverage(rule="coverage", part="topics")


def test_the_keys_of_a_rule_have_the_defaults_of_the_design() -> None:
    match = {question.id: question.match for question in questionnaire().question}
    shares = {"star_weight": Fraction(2), "family_share": Fraction(3, 10), "rarity": True}
    assert match["topics"] == Coverage(rule="coverage", part="topics", **shares)
    assert match["hours"] == Overlap(rule="gate:overlap", part="availability", min_minutes=60, target_minutes=240)
    assert match["months_steady"] == Steady.model_validate({"rule": "gate:steady", "with": "topics", "min_months": 12})
    closeness = Closeness(rule="closeness", part="life")
    assert (closeness.falloff, closeness.at_least, Option(id="near").within) == (Fraction(1, 2), False, 0)


def test_a_decimal_is_kept_exactly_as_it_is_written(tmp_path: Path) -> None:
    text = changed('part = "topics"', 'part = "topics"\nfamily_share = 0.1')
    match = load(write(tmp_path, "small.toml", text)).by_id["topics"].match
    assert isinstance(match, Coverage)
    assert match.family_share == Fraction(1, 10)


def test_months_and_excludes_take_their_options_from_with(tmp_path: Path) -> None:
    by_id = load(write(tmp_path, "small.toml", QUESTIONS)).by_id
    assert len(by_id["topics"].options) == 4
    for borrowing in ("months_steady", "not_now"):
        assert by_id[borrowing].options == by_id["topics"].options


def test_months_with_options_of_their_own_keep_them(tmp_path: Path) -> None:
    own = 'options = [{id = "grief", label = {en = "loss", fr = "perte"}}]\n[question.match]\nrule = "gate:steady"'
    text = changed('[question.match]\nrule = "gate:steady"', own)
    assert load(write(tmp_path, "small.toml", text)).by_id["months_steady"].option_ids == ("grief",)


# What is refused: the shape

BROKEN = [
    (
        QUESTIONS + "\n= 3\n",
        "",
        f"not valid TOML: Invalid statement (at line {QUESTIONS.count(chr(10)) + 2}",
        "Mend it",
    ),
    (QUESTIONS.replace("small", "sm\0all"), "", "not valid TOML", "Mend it"),
    (QUESTIONS.encode("cp1252"), " line 17", "the text is not UTF-8", "Save the file as UTF-8"),
    (QUESTIONS.encode("utf-16"), " line 1", "the text is not UTF-8", "Save the file as UTF-8"),
    (b"x" * (4 * 1024 * 1024 + 1), "", "larger than 4 MB", "Give a questionnaire"),
    (f"version = {'9' * 5000}", "", "not valid TOML", "Give a questionnaire"),
    (f"id = {'[' * 5000}", "", "not valid TOML", "Give a questionnaire"),
]


@pytest.mark.parametrize(("content", "place", "problem", "remedy"), BROKEN, ids=range(len(BROKEN)))
def test_a_file_that_is_no_toml_is_refused(
    tmp_path: Path, content: str | bytes, place: str, problem: str, remedy: str
) -> None:
    (fault,) = faults(tmp_path, content)
    assert fault.place == f"small.toml{place}"
    assert problem in fault.problem
    assert fault.remedy.startswith(remedy)


def test_an_empty_file_is_refused_for_every_key_that_it_lacks(tmp_path: Path) -> None:
    lacking = ("id", "version", "languages", "question")
    said = [f"small.toml line 1: the key {key!r} is missing. Add {key} = ..." for key in lacking]
    assert [str(fault) for fault in faults(tmp_path, "")] == said


@pytest.mark.parametrize("name", ["nothing.toml", ".", "small.toml/inside", "x" * 300])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, "small.toml", QUESTIONS)
    (fault,) = faults_of(lambda: load(tmp_path / name))
    assert fault.place == str(tmp_path / name)
    assert fault.problem.startswith("cannot be read (")
    assert fault.remedy == "Check the name and try again."


@pytest.mark.parametrize("number", [f"1e{'9' * 30}", "1e-2000000"])
def test_a_number_beyond_all_bounds_is_refused(tmp_path: Path, number: str) -> None:
    assert faults(tmp_path, changed("at_least = true", f"falloff = {number}"))
