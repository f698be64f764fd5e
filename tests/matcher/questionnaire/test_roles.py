"""Roles and conditions of questions: by what code finds a question, when it is asked, and what is refused."""

import re
from pathlib import Path
from typing import get_args

import pytest

from matcher.questionnaire.loading import DEFAULT, load
from matcher.questionnaire.roles import KINDS_OF_ROLE, SIDE_OF_ROLE
from matcher.questionnaire.schema import Option, Question, Questionnaire, QuestionRole, Screen
from tests.matcher.questionnaire.test_checks import check
from tests.matcher.questionnaire.test_loading import faults
from tests.matcher.worlds.commands import ROOT
from tests.matcher.worlds.small_programme import MORE, QUESTIONS, changed, questionnaire, write

TOWN_IS, APART_IS, SPARE_IS = (
    f'"{one}"' for one in ('town"\nkind = "text', 'apart"\nkind = "yes_no', 'spare"\nkind = "number')
)
STAGE_IS, FAITH_IS, WAYS_IS = '"stage"\nkind = "scale"', '"faith"\nkind = "choice"', '"ways"\nkind = "choices"'
HOURS_IS, CARD_IS = '"hours"\nkind = "availability"', '"card"\nkind = "choices"'
TOWN, APART, SPARE, FAITH = " question 'town'", " question 'apart'", " question 'spare'", " question 'faith'"


def with_keys(stands: str, *keys: str) -> tuple[str, str]:
    """Add keys to a question; the last line is the one that the refusal must name."""
    return stands, "\n".join((stands, *keys)) + " # here"


def when(question: str, has: str) -> str:
    return f'asked_when = {{question = "{question}", has = "{has}"}}'


ROLES = [
    (*with_keys(SPARE_IS, 'role = "nickname"'), SPARE, "role is 'nickname'", "'code_word'"),
    (
        SPARE_IS,
        '"spare"\nrole = "name"\nkind = "number" # here',
        SPARE,
        "role name does not fit the kind",
        "needs text",
    ),
    (APART_IS, '"apart"\nrole = "safe_hours"\nkind = "yes_no" # here', APART, "does not fit the kind", "availability"),
    (TOWN_IS, '"town"\nrole = "device_safe"\nkind = "text" # here', TOWN, "does not fit the kind", "choice or yes_no"),
    (*with_keys(FAITH_IS, 'role = "device_safe"'), FAITH, "needs an option 'yes'", 'id = "yes"'),
]


@pytest.mark.parametrize("case", ROLES, ids=lambda case: case[3])
def test_a_role_that_no_program_could_use_is_refused(tmp_path: Path, case: tuple[str, ...]) -> None:
    check(tmp_path, case)


def test_an_id_that_is_the_column_of_safe_hours_needs_the_role(tmp_path: Path) -> None:
    text = QUESTIONS + (MORE % ("availability", "requester", "none", "")).replace('"more"', '"safe_hours"')
    (fault,) = faults(tmp_path, text)
    assert (
        fault.place == f"small.toml line {text.count(chr(10), 0, text.index('safe_hours')) + 1} question 'safe_hours'"
    )
    assert (fault.problem, fault.remedy[:26]) == (
        "this id is the column of her safe hours",
        'Write role = "safe_hours",',
    )
    assert load(write(tmp_path, "q.toml", text.replace('"safe_hours"', '"safe_hours"\nrole = "safe_hours"')))


@pytest.mark.parametrize(
    ("role", "asked", "needed"),
    [
        ("hello", "requester", "supporter"),
        ("code_word", "supporter", "requester"),
        ("avoided", "supporter", "requester"),
    ],
)
def test_a_role_of_one_side_is_asked_of_that_side(tmp_path: Path, role: str, asked: str, needed: str) -> None:
    text = QUESTIONS + (MORE % ("text", asked, "none", "")).replace("label", f'role = "{role}"\nlabel')
    (fault,) = faults(tmp_path, text)
    line = text.count("\n", 0, text.rindex("asked = ")) + 1
    assert fault.place == f"small.toml line {line} question 'more'"
    assert (fault.problem, fault.remedy) == (
        f"the role {role} needs to be asked of {needed}",
        f'Write asked = "{needed}".',
    )


def with_names(*sides: str) -> str:
    """Add a question with the role of the name for each of these sides."""
    asked = [MORE % ("text", side, "none", "") for side in sides]
    return QUESTIONS + "".join(
        text.replace('id = "more"', f'id = "more{number}"\nrole = "name"') for number, text in enumerate(asked)
    )


@pytest.mark.parametrize("sides", [("both", "supporter"), ("requester", "requester"), ("supporter", "both")])
def test_a_role_is_given_once_a_side(tmp_path: Path, sides: tuple[str, str]) -> None:
    text = with_names(*sides)
    (fault,) = faults(tmp_path, text)
    line = text.count("\n", 0, text.rindex("role = ")) + 1
    assert fault.place == f"small.toml line {line} question 'more1'"
    assert (fault.problem, fault.remedy) == ("an earlier question has the role name", "Give it to one question.")


def test_each_side_may_have_a_question_of_its_own_for_a_role(tmp_path: Path) -> None:
    named = load(write(tmp_path, "q.toml", with_names("requester", "supporter")))
    hers, theirs = named.of_role("name", "requester"), named.of_role("name", "supporter")
    assert (hers and hers.id, theirs and theirs.id) == ("more0", "more1")
    assert questionnaire().of_role("name", "requester") is None


# When a question is asked

CONDITIONS = [
    (
        *with_keys(TOWN_IS, 'asked_when = {question = "x", has = "yes"}'),
        TOWN,
        "names 'x', which is no question",
        "Name",
    ),
    (*with_keys(SPARE_IS, when("months_steady", "grief")), SPARE, "no question with options of its own", "Name one"),
    (*with_keys(SPARE_IS, when("hours", "evening")), SPARE, "no question with options of its own", "Name one"),
    (*with_keys(SPARE_IS, when("stage", "lost")), SPARE, "has names 'lost', no option of stage", "one of its options"),
    (*with_keys(SPARE_IS, when("apart", "yes")), SPARE, "apart is not asked of supporter", "Ask apart of supporter"),
    (*with_keys(SPARE_IS, when("card", "show_faith")), SPARE, "on an earlier screen", "Put card on an earlier screen"),
    (*with_keys(APART_IS, when("apart", "yes")), APART, "on an earlier screen", "Put apart on an earlier screen"),
    (*with_keys(WAYS_IS, when("tongues", "french")), " question 'ways'", "would fit nobody", "Ask it of everybody"),
    (*with_keys(HOURS_IS, when("tongues", "french")), " question 'hours'", "would fit nobody", "Ask it of everybody"),
    (*with_keys(SPARE_IS, 'asked_when = {question = "stage"}'), SPARE, "'has' is missing", "Add has ="),
    (*with_keys(SPARE_IS, when("stage", "lost")[:-1] + ", not = 1}"), SPARE, "'not' is not known", "Take it out"),
]


@pytest.mark.parametrize("case", CONDITIONS, ids=lambda case: case[3])
def test_a_condition_that_cannot_work_is_refused(tmp_path: Path, case: tuple[str, ...]) -> None:
    check(tmp_path, case)


def test_two_questions_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    text = changed(STAGE_IS, f"{STAGE_IS}\n{when('faith', 'cedar')}")
    text = changed(FAITH_IS, f"{FAITH_IS}\n{when('stage', 'steady')}", text)
    assert {fault.problem for fault in faults(tmp_path, text)} == {
        f"asked_when names 'faith', which {side} is not asked on an earlier screen"
        for side in ("requester", "supporter")
    }


def test_on_the_same_screen_is_too_late_and_on_a_later_one_it_is_not(tmp_path: Path) -> None:
    more = (MORE % ("text", "requester", "none", "")).replace("label", f"{when('adult', 'yes')}\nscreen = %s\nlabel")
    (fault,) = faults(tmp_path, QUESTIONS + more % '"hers"')
    assert fault.problem == "asked_when names 'adult', which requester is not asked on an earlier screen"
    later = QUESTIONS.replace(
        "[[question]]", '[[screen]]\nid = "later"\nlabel = {en = "x", fr = "x"}\n\n[[question]]', 1
    )
    assert load(write(tmp_path, "q.toml", later + more % '"later"')).conditional[0].id == "more"


def test_screens_come_as_they_are_declared_and_then_each_question_on_its_own() -> None:
    hers, theirs = questionnaire().screens_of("requester"), questionnaire().screens_of("supporter")
    assert hers[:3] == ("hers", "tongues", "ways")
    assert theirs[0] == "tongues"
    assert (questionnaire().declared("hers"), questionnaire().declared("tongues")) == (questionnaire().screen[0], None)


# What the page says of the file

PAGE = (ROOT / "docs" / "questionnaire.md").read_text(encoding="utf-8")


def test_the_page_names_every_key() -> None:
    rows = dict(
        re.findall(r"^\| (the file|`\[\[screen\]\]`|`\[\[question\]\]`|an option) \| (.*) \|$", PAGE, re.MULTILINE)
    )
    for shape, row in zip((Questionnaire, Screen, Question, Option), rows.values(), strict=True):
        assert shape.model_fields.keys() <= set(re.findall(r"\w+", row)), row


def test_the_page_names_every_role_with_its_kinds_and_its_side() -> None:
    table = PAGE[PAGE.index("| role |") : PAGE.index("`safe_hours` may be")]
    rows = re.findall(r"^\| (`.+?) \| (.+?) \| (\w+) \|", table, re.MULTILINE)
    said = {role: (kinds, side) for roles, kinds, side in rows for role in re.findall(r"`(\w+)`", roles)}
    assert said == {
        role: (" or ".join(KINDS_OF_ROLE.get(role, ("text",))), SIDE_OF_ROLE.get(role, "either"))
        for role in get_args(QuestionRole)
    }


def test_the_example_of_the_page_is_taken(tmp_path: Path) -> None:
    example = PAGE.split("```toml\n")[1].split("```")[0]
    text = DEFAULT.read_text(encoding="utf-8") + example
    assert load(write(tmp_path, "q.toml", text)).conditional[0].id == "where_to_walk"
