"""Checking a questionnaire: what is refused, with its file, ids, line and remedy.

A case of a fault changes the small questionnaire. The refusal must name the line on which the change begins, or the
one with the mark HERE.
"""

import contextlib
from pathlib import Path

import pytest

from matcher.errors import Refused
from matcher.questionnaire.loading import load
from tests.matcher.questionnaire.test_loading import faults
from tests.matcher.worlds.small_programme import MORE, QUESTIONS, changed, write

HERE = "# here"


def check(folder: Path, case: tuple[str, ...]) -> None:
    """Hold the one fault of a changed questionnaire against its place, its problem and its remedy."""
    old, new, ids, problem, remedy = case
    text = changed(old, new)
    (fault,) = faults(folder, text)
    line = text.count("\n", 0, text.index(HERE) if HERE in text else QUESTIONS.index(old)) + 1
    assert fault.place == f"small.toml line {line}{ids}"
    assert problem in fault.problem
    assert remedy in fault.remedy


ADULT, HOURS, MONTHS = " question 'adult'", " question 'hours'", " question 'months_steady'"
TOPICS, GRIEF, STAGE = " question 'topics'", " question 'topics' option 'grief'", " question 'stage'"
SPARE, TOWN, NOT_NOW = " question 'spare'", " question 'town'", " question 'not_now'"
STARTING = " question 'stage' option 'starting'"
WANTS, CARD, WALKS = " question 'wants' option ", " question 'card' option ", " question 'pastimes' option 'walks'"
Q_SPARE, STAGE_RULE = '[[question]]\nid = "spare"', '[question.match]\nrule = "closeness"'
SHAPE = [
    ("version = 7", "version = 7\nvs = 7 # here", "", "'vs' is not known", "Take it out"),
    ("stars = 2", "star = 2", TOPICS, "'star' is not known", "correct its spelling"),
    ('{id = "grief",', '{id = "grief", colour = 1,', GRIEF, "'colour' is not known", "Take it out"),
    ('part = "topics"', 'part = "topics"\nfallof = 1 # here', TOPICS, "'fallof' is not known", "Take it out"),
    ("[question.supporter]", "[question.supporter]\nlead = 1 # here", TOPICS, "'lead' is not known", "Take it out"),
    ("[question.words]", "[question.words]\nsaid = 1 # here", TOPICS, "'said' is not known", "Take it out"),
    ('kind = "scale"', 'kind = "ladder"', STAGE, "kind is 'ladder'", "'scale'"),
    (STAGE_RULE, '[question.match]\nrule = "near"', STAGE, "the rule 'near' is not known", "'closeness'"),
    (STAGE_RULE, "[question.match] # here", STAGE, "rule is missing", 'Add rule = "..."'),
    ('"scale"\nasked = "both"', '"scale"\nasked = "all" # here', STAGE, "asked is 'all'", "'supporter' or 'both'"),
    (Q_SPARE + '\nkind = "number"', Q_SPARE, SPARE, "'kind' is missing", "Add kind ="),
    (Q_SPARE, "[[question]]", " question 'number 13'", "'id' is missing", "Add id ="),
    ("stars = 2", "stars = -1", TOPICS, "greater than or equal to 0", "Correct the value"),
    ("stars = 2", "stars = 2.5", TOPICS, "stars: ", "Correct the value"),
    ("stars = 2", "stars = true", TOPICS, "stars: ", "Correct the value"),
    ("most = 2", "most = 0", " question 'pastimes'", "greater than 0", "Correct the value"),
    ("within = 1", "within = -1", WANTS + "'near'", "greater than or equal to 0", "Correct the value"),
    ('part = "availability"', 'part = "availability"\nmin_minutes = -60 # here', HOURS, "or equal to 0", "Correct"),
    ('part = "availability"', 'part = "availability"\ntarget_minutes = 0 # here', HOURS, "than 0", "Correct"),
    ('"gate:steady"', '"gate:steady"\nmin_months = -1 # here', MONTHS, "or equal to 0", "Correct the value"),
    ("at_least = true", "falloff = nan", STAGE, "a finite number", "Correct the value"),
    ("at_least = true", 'falloff = "0.5"', STAGE, "a number is needed", "Correct the value"),
    ('id = "spare"', 'id = "-"', " question '-'", "'-' cannot be an id", "not only a dash"),
    ('{id = "grief",', '{id = "a;b",', " question 'topics' option 'a;b'", "cannot be an id", "no ; * = and"),
    ('languages = ["en", "fr"]', "languages = []", "", "at least 1 item", "Correct the value"),
]


@pytest.mark.parametrize("case", SHAPE, ids=lambda case: case[3])
def test_a_wrong_shape_is_refused(tmp_path: Path, case: tuple[str, ...]) -> None:
    check(tmp_path, case)


# What is refused: what does not hold across the file

TOWN_IS, SAME_FAITH = 'label = {en = "Town", fr = "Ville"}', 'of = "faith", label = {en = "same'
SCREEN_IS = 'label = {en = "You", fr = "Vous"}'
RAIN = 'options = [{id = "rain", label = {en = "r", fr = "r"}}]\n'
SPARE_IS, EXCLUDES = '"spare"\nkind = "number"', '[question.match]\nrule = "gate:excludes"'
ACROSS = [
    (Q_SPARE, '[[question]]\nid = "adult"', ADULT, "another question has this id", "its own id"),
    (Q_SPARE, '[[question]]\nid = "load"', " question 'load'", "is a column of the spreadsheet", "another id"),
    ('screen = "hers"', 'screen = "his"', ADULT, "'his' is not declared", "[[screen]]"),
    ('must_be = "yes"', 'must_be = "sure"', ADULT, "must_be names 'sure'", "one of its options"),
    (TOWN_IS, 'label = {en = "Town"}', TOWN, "no 'fr' text", 'Add fr = "..."'),
    (TOWN_IS, 'label = {en = "Town", fr = " "}', TOWN, "no 'fr' text", 'Add fr = "..."'),
    (TOWN_IS, 'label = {en = "Town", fr = "Ville", de = "Stadt"}', TOWN, "a 'de' text", "Add 'de' to languages"),
    ('en = "We meet adults.", ', "", ADULT, "why has no 'en' text", 'Add en = "..."'),
    ('en = "mourning", ', "", GRIEF, "label has no 'en' text", 'Add en = "..."'),
    (', fr = "Elle a vécu : {options}."}', "} # here", TOPICS, "shared has no 'fr' text", 'Add fr = "..."'),
    (SAME_FAITH, 'of = "creed", label = {en = "same', WANTS + "'same_faith'", "of names 'creed'", "Name one"),
    (SAME_FAITH, 'of = "hours", label = {en = "same', WANTS + "'same_faith'", "of names 'hours'", "Name one"),
    (SAME_FAITH, 'of = "apart", label = {en = "same', WANTS + "'same_faith'", "apart is not asked of both", "Ask"),
    (SAME_FAITH, 'label = {en = "same', WANTS + "'same_faith'", "of names None", "Name one"),
    ('has = "grief"', 'has = "loss"', WANTS + "'mourned'", "has names 'loss'", "one of its options"),
    ('of = "stage", within', 'of = "topics", within', WANTS + "'near'", "within needs ordered options", "out"),
    ('"show_faith", of = "faith"', '"show_faith", of = "x"', CARD + "'show_faith'", "of names 'x'", "Name one"),
    (
        '"Mon-Fri 18:00',
        '"Mon-Fri 22:00',
        HOURS + " option 'evening'",
        "is 23 hours, over midnight",
        "Write for example",
    ),
    ('{id = "walks",', '{id = "walks", has = "music",', WALKS, "belong to wishes", "Take them out"),
    ('when = "apart"', 'when = "away"', TOWN, "when names 'away'", "Name one"),
    ('when = "apart"', 'when = "tongues"', TOWN, "no yes_no question of hers", "Name one"),
    ('"gate:steady"\nwith = "topics"', '"gate:steady"\nwith = "x" # here', MONTHS, "with names 'x'", "Name one"),
    ('"gate:steady"\nwith = "topics"', '"gate:steady"\nwith = "card" # here', MONTHS, "she is not asked", "she is"),
    ('"gate:excludes"\nwith = "topics"', '"gate:excludes"\nwith = "town" # here', NOT_NOW, "no question with", "Name"),
    (EXCLUDES, RAIN + EXCLUDES, NOT_NOW + " option 'rain'", "topics has no such option", "Options come from topics"),
    ("18:00-21:00", "18:10-21:00", HOURS + " option 'evening'", "18:10 is not on the hour", "Mon-Fri 18:00-22:00"),
    ('hours = "Mon-Fri 18:00-21:00", ', "", HOURS + " option 'evening'", "each needs them", "Write hours ="),
    ('{id = "walks",', '{id = "walks", hours = "Mon 10:00-11:00",', WALKS, "hours belong to the day", "nowhere else"),
    ('{id = "helping",', '{id = "helping", family = "f",', STAGE + " option 'helping'", "family means nothing", "out"),
    ('kind = "number"', 'kind = "number"\nstars = 1 # here', SPARE, "stars need the kind choices", "Take stars out"),
    ('kind = "number"', 'kind = "number"\nmost = 1 # here', SPARE, "most needs the kind choices", "Take most out"),
    (Q_SPARE + '\nkind = "number"', Q_SPARE + '\nkind = "choices"', SPARE, "needs options", "Add options"),
    ('part = "topics"', 'part = "topics"\nstar_weight = 0.5 # here', TOPICS, "star_weight is below 1", "count less"),
    ('part = "topics"', 'part = "topics"\nfamily_share = 1.1 # here', TOPICS, "not between 0 and 1", "0.3"),
    (
        SCREEN_IS,
        SCREEN_IS + '\n[[screen]] # here\nid = "hers"\n' + SCREEN_IS,
        " screen 'hers'",
        "has this id",
        "its own id",
    ),
    (TOWN_IS, TOWN_IS + '\nhint = {en = "Where?"} # here', TOWN, "hint has no 'fr' text", 'Add fr = "..."'),
    (SPARE_IS, SPARE_IS + "\noptions = " + RAIN[10:-1] + " # here", SPARE, "takes no options", "Take them out"),
    ("at_least = true", "falloff = -0.1", STAGE, "falloff is below 0", "0.5"),
    ('part = "life"', 'part = "headroom"', STAGE, "cannot be fed by a question", "another part"),
]


@pytest.mark.parametrize("case", ACROSS, ids=lambda case: case[3])
def test_what_does_not_hold_across_the_file_is_refused(tmp_path: Path, case: tuple[str, ...]) -> None:
    check(tmp_path, case)


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "remedy"),
    [
        ('card = "card"', 'card = "x"', "line 4", "card names 'x', which no supporter is asked", "Name her question."),
        ('card = "card"', 'card = "apart"', "line 4", "card names 'apart', which no", "Name her question."),
        ('{id = "walks",', '{id = "walks", outside = true,', "line 170" + WALKS, "outside is for the ways", "Take it"),
        ('{id = "starting",', '{id = "starting", alone = true,', "line 85" + STARTING, "alone is for a", "Take it"),
        ('{id = "walks",', '{id = "walks", outside = true,', "line 40", "outside stands in ways, pastimes", "Only one"),
    ],
)
def test_what_is_wrong_in_two_places_is_said_of_each(
    tmp_path: Path, old: str, new: str, place: str, problem: str, remedy: str
) -> None:
    said = {fault.place: fault for fault in faults(tmp_path, changed(old, new))}[f"small.toml {place}"]
    assert problem in said.problem
    assert said.remedy.startswith(remedy)


def test_an_option_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, changed('{id = "moving"', '{id = "grief"'))
    assert fault.place.endswith(GRIEF)
    assert (fault.problem, fault.remedy) == ("another option has this id", "Give each option its own id.")


# What is refused: rules where they do not belong

PART, WITH, WHEN = 'part = "life"', 'with = "topics"', 'when = "apart"'
UNFIT = [
    *(("coverage", kind, PART) for kind in ("number", "text", "months", "wishes", "availability")),
    *(("closeness", kind, PART) for kind in ("choices", "yes_no", "text", "number", "availability")),
    *(("gate:steady", kind, WITH) for kind in ("choices", "number")),
    *(("gate:differs", kind, WHEN) for kind in ("months", "wishes", "availability")),
    *(("gate:any_shared", kind, "") for kind in ("text", "number", "months", "wishes")),
    *(("gate:overlap", kind, PART) for kind in ("choices", "text")),
    *(("gate:excludes", kind, WITH) for kind in ("yes_no", "text")),
    *(("wishes", kind, PART) for kind in ("choices", "scale")),
]
MISPLACED = [
    *(("coverage", "yes_no", asked, "both", PART) for asked in ("requester", "supporter")),
    *(("gate:any_shared", "yes_no", asked, "both", "") for asked in ("requester", "supporter")),
    *(("gate:differs", "text", asked, "both", WHEN) for asked in ("requester", "supporter")),
    ("gate:steady", "months", "requester", "supporter", WITH),
]


@pytest.mark.parametrize(("rule", "kind", "keys"), UNFIT)
def test_a_rule_that_does_not_fit_the_kind_is_refused(tmp_path: Path, rule: str, kind: str, keys: str) -> None:
    text = QUESTIONS + MORE % (kind, "both", rule, keys)
    found = [fault for fault in faults(tmp_path, text) if "does not fit" in fault.problem]
    line = text.count("\n", 0, text.rindex("rule = ")) + 1
    assert [fault.place for fault in found] == [f"small.toml line {line} question 'more'"]
    assert found[0].problem == f"{rule} does not fit the kind {kind}"
    assert kind not in found[0].remedy.removeprefix("It needs ").rstrip(".").split(" or ")


@pytest.mark.parametrize(("rule", "kind", "asked", "needed", "keys"), MISPLACED)
def test_a_rule_that_does_not_fit_the_side_is_refused(
    tmp_path: Path, rule: str, kind: str, asked: str, needed: str, keys: str
) -> None:
    text = QUESTIONS + MORE % (kind, asked, rule, keys)
    (fault,) = faults(tmp_path, text)
    line = text.count("\n", 0, text.rindex("asked = ")) + 1
    assert fault.place == f"small.toml line {line} question 'more'"
    assert fault.problem == f"{rule} needs to be asked of {needed}"
    assert fault.remedy == f'Write asked = "{needed}".'


def test_wishes_are_asked_of_her_alone_and_may_go_unmatched(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, changed('"wishes"\nasked = "requester"', '"wishes"\nasked = "supporter"'))
    assert fault.problem == "wishes needs to be asked of requester"
    unmatched = load(write(tmp_path, "small.toml", changed('rule = "wishes"\npart = "wishes"', 'rule = "none"')))
    assert unmatched.by_id["wants"].match.rule == "none"


def test_hours_are_asked_once_and_months_have_options(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, QUESTIONS + MORE % ("availability", "both", "gate:overlap", PART))
    assert str(fault).endswith(": gate:overlap stands in two questions. Keep one availability question.")
    (fault,) = faults(tmp_path, QUESTIONS + MORE % ("months", "supporter", "none", ""))
    assert str(fault).endswith("'more': months without gate:steady needs options. Add options = [...], or the rule.")


def test_an_exclusion_never_ends_up_without_options(tmp_path: Path) -> None:
    chained = MORE % ("choices", "both", "gate:excludes", 'with = "not_now"')
    path = write(tmp_path, "small.toml", QUESTIONS + chained)
    with contextlib.suppress(Refused):
        assert load(path).by_id["more"].options


# What is refused: the places are right, and nothing hides anything


def test_every_fault_is_found_in_one_pass(tmp_path: Path) -> None:
    shape = changed("stars = 2", "stars = -1", changed('kind = "scale"', 'kind = "ladder"'))
    assert [fault.problem.split(":")[0] for fault in faults(tmp_path, shape)] == ["stars", "kind is 'ladder'"]
    across = changed('has = "grief"', 'has = "loss"', changed(TOWN_IS, "label = {}"))
    assert len(faults(tmp_path, across)) == 3
    outside = changed("version = 7", "version = 7.5", changed("stars = 2", "star = 2"))
    assert [fault.place[:18] for fault in faults(tmp_path, outside)] == ["small.toml line 2", "small.toml line 62"]


def test_a_fault_of_shape_hides_no_fault_across_the_file(tmp_path: Path) -> None:
    both = changed("stars = 2", "star = 2", changed(TOWN_IS, 'label = {en = "Town"}'))
    places = [f"small.toml line {line} question {question}" for line, question in ((62, "'topics'"), (132, "'town'"))]
    assert [fault.place for fault in faults(tmp_path, both)] == places


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('en = "Spare time", fr = "Temps libre"}', 'en = "Stars", fr = "x"}\nstars = 1', "line 161 question 'spare'"),
        ('label = {en = "Lived", fr = "Vécu"}', 'label = {en = "Lived"}', "line 72 question 'topics'"),
        ('id = "hers"', 'id = "hers"\ntitle = 1', "line 9 screen 'hers'"),
        (', fr = "Votre adresse"}', "}", "line 5"),
        ("version = 7", "version = 7.5", "line 2"),
    ],
)
def test_the_place_is_that_of_the_fault_and_not_of_a_word_like_it(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    assert [fault.place for fault in faults(tmp_path, changed(old, new))] == [f"small.toml {place}"]


# What is refused: the file itself
