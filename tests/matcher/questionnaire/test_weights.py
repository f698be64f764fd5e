"""Weights files: what they may say, what is refused, and what their hash stands for."""

from fractions import Fraction
from pathlib import Path

import pytest

from matcher.questionnaire.weights import Weights, load
from tests.matcher.worlds.small_programme import WEIGHTS, faults_of, questionnaire, write

DEFAULT = {"topics": 35, "wishes": 20, "ways": 15, "life": 10, "availability": 10, "interests": 5, "headroom": 5}


def loaded(folder: Path, text: str | bytes = WEIGHTS) -> Weights:
    return load(questionnaire(), write(folder, "weights.toml", text))


def said(folder: Path, text: str | bytes) -> list[str]:
    return [str(fault) for fault in faults_of(lambda: loaded(folder, text))]


def test_the_default_weights_are_those_of_the_design() -> None:
    weights = load(questionnaire())
    assert dict(weights.parts) == DEFAULT
    assert list(weights.parts) == list(DEFAULT)


def test_weights_are_kept_exactly_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    weights = loaded(tmp_path)
    assert (weights.version, weights.owner, weights.reason) == ("autumn", "The board", "A trial.")
    assert list(weights.parts) == ["topics", "wishes", "life", "availability", "interests", "headroom"]
    assert weights.parts["wishes"] == Fraction(5, 2)
    assert loaded(tmp_path, changed("topics = 3", "topics = 0.1")).parts["topics"] == Fraction(1, 10)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "autumn"', "version = 3"),
        ("headroom = 1\n", ""),
        ("headroom = 1\n", "headroom = 0\n"),
        ("topics = 3", "topics = 0"),
        ("topics = 3", "topics = 1000000"),
        ("topics = 3", "topics = 3\nunfed = 8"),
    ],
)
def test_what_the_contract_leaves_open_is_taken(tmp_path: Path, old: str, new: str) -> None:
    assert loaded(tmp_path, changed(old, new)).owner == "The board"


def changed(old: str, new: str) -> str:
    """Change the weights of the small programme."""
    assert WEIGHTS.count(old) == 1
    return WEIGHTS.replace(old, new)


WEIGHT, KEYS = "the weight is not a number of 0 or more. Write for example topics = 35.", "this key is not known"
TEXT = "a text is needed. Write who decided, or why, in"
BAD = [
    ("topics = 3\n", "", "[parts]: the part 'topics' has no weight. Add a line topics = ...; 0 is allowed."),
    ("topics = 3", "topics = -1", f"part 'topics': {WEIGHT}"),
    ("topics = 3", "topics = true", f"part 'topics': {WEIGHT}"),
    ("topics = 3", 'topics = "3"', f"part 'topics': {WEIGHT}"),
    ("topics = 3", "topics = nan", f"part 'topics': {WEIGHT}"),
    ("topics = 3", "topics = inf", f"part 'topics': {WEIGHT}"),
    ("topics = 3", "topics = 1e7", f"part 'topics': {WEIGHT}"),
    ("topics = 3", "topics = [3]", f"part 'topics': {WEIGHT}"),
    ('version = "autumn"', "version = 1.5", "key 'version': a text or whole number is needed. Write version = 1."),
    ('version = "autumn"', "version = true", "key 'version': a text or whole number is needed. Write version = 1."),
    ('version = "autumn"\n', "", "key 'version': a text or whole number is needed. Write version = 1."),
    ('owner = "The board"\n', "", f"key 'owner': {TEXT} owner."),
    ('owner = "The board"', 'owner = " "', f"key 'owner': {TEXT} owner."),
    ('reason = "A trial."', "reason = 3", f"key 'reason': {TEXT} reason."),
    ("[parts]", 'note = "x"\n[parts]', f"key 'note': {KEYS}. Use version, owner, reason and [parts]."),
    ("[parts]", "[shares]", "[parts]: the weights are missing. Write [parts] and a line for each part."),
]


@pytest.mark.parametrize(("old", "new", "expected"), BAD, ids=[f"{new} for {old}" for old, new, _ in BAD])
def test_bad_weights_are_refused_with_their_place_and_remedy(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert f"weights.toml {expected}" in said(tmp_path, changed(old, new))


def test_weights_that_are_all_nothing_are_refused(tmp_path: Path) -> None:
    nothing = "\n".join(f"{part} = 0" for part in loaded(tmp_path).parts)
    text = WEIGHTS[: WEIGHTS.index("topics")] + nothing
    assert said(tmp_path, text) == ["weights.toml [parts]: every weight is 0. Give at least one part a weight."]


def test_every_fault_of_a_weights_file_is_found_in_one_pass(tmp_path: Path) -> None:
    text = 'version = 1.5\nnote = ""\n[parts]\ntopics = -1\nlife = "x"\n'
    places = [fault.split(":")[0] for fault in said(tmp_path, text)]
    keys = ["key 'note'", "key 'version'", "key 'owner'", "key 'reason'", "part 'topics'", "part 'life'"]
    assert places == [f"weights.toml {key}" for key in keys]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "weights.toml key 'version': a text or whole number is needed."),
        ("version = ", "weights.toml: this is not valid TOML"),
        ('owner = "Zoé"'.encode("cp1252"), "weights.toml line 1: the text is not UTF-8."),
        (f"version = {'9' * 5000}", "weights.toml: this is not valid TOML"),
    ],
    ids=["empty", "broken", "Windows-1252", "a number without end"],
)
def test_a_file_that_is_no_weights_file_is_refused(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert said(tmp_path, content)[0].startswith(expected)


@pytest.mark.parametrize("name", ["nothing.toml", "."])
def test_a_weights_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of(lambda: load(questionnaire(), tmp_path / name))
    assert fault.place == str(tmp_path / name)
    assert fault.problem.startswith("cannot be read (")


def test_the_hash_changes_with_everything_that_the_file_says_and_with_nothing_else(tmp_path: Path) -> None:
    same = loaded(tmp_path, WEIGHTS.replace("topics = 3", "topics = 3.0  # more") + "\n# a remark\n")
    assert same.hash == loaded(tmp_path).hash
    others = [("autumn", "winter"), ("The board", "Ann"), ("A trial.", "A test."), ("topics = 3", "topics = 4")]
    hashes = {loaded(tmp_path, changed(old, new)).hash for old, new in others}
    assert len(hashes | {same.hash}) == len(others) + 1
