"""Loading a questionnaire: what is taken, and what is refused, with its file, ids, line and remedy.

In each case of a fault the mark HERE stands on the line that the refusal must name. The default one is looked at last.
"""

import os
from fractions import Fraction
from pathlib import Path

import pytest

from matcher.questionnaire import DEFAULT, load
from matcher.questions import Closeness, Coverage, Option, Overlap, Question, Questionnaire, Steady
from matcher.refusals import Fault
from tests.matcher.small_programme import QUESTIONS, changed, faults_of, questionnaire, write

HERE = "# here"
EXAMPLE = """
id = "recovery"
version = 3
languages = ["en", "fr"]

[[question]]
id = "topics"
kind = "choices"               # choice | choices | scale | availability | number | text | yes_no
asked = "both"                 # requester | supporter | both
screen = "support"
label = {en = "What would you like support with?", fr = "..."}
why = {en = "So that we look for someone who has lived it.", fr = "..."}   # shown beside the question
stars = 3                      # she may mark up to three that matter most
sensitive = true
options = [
  {id = "alcohol", label = {en = "Alcohol", fr = "Alcool"}, family = "substances"},
]
[question.match]
part = "topics"                # the part of the score that it feeds
rule = "coverage"              # see section 5
"""
ONE_MORE = """
[[question]] # here
id = "more"
kind = "%s"
asked = "%s"
label = {en = "More", fr = "Plus"}
options = [{id = "x", label = {en = "x", fr = "x"}}]
"""


def faults(folder: Path, text: str) -> tuple[Fault, ...]:
    path = write(folder, "small.toml", text)
    return faults_of(lambda: load(path))


def check(folder: Path, text: str, ids: str, problem: str, remedy: str) -> None:
    """Hold the one fault of a text against its place, whose line is the one with HERE, its problem and its remedy."""
    (fault,) = faults(folder, text)
    line = text[: text.index(HERE)].count("\n") + 1
    assert fault.place == f"small.toml line {line}{ids}"
    assert problem in fault.problem
    assert remedy in fault.remedy


# What is taken


def test_the_small_questionnaire_is_taken_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    for text in (QUESTIONS, "\ufeff" + QUESTIONS, QUESTIONS.replace("\n", "\r\n")):
        assert load(write(tmp_path, "small.toml", text)) == questionnaire()


def test_the_example_of_the_design_is_taken_with_the_defaults_of_its_rule(tmp_path: Path) -> None:
    example = load(write(tmp_path, "example.toml", EXAMPLE))
    (topics,) = example.question
    assert (example.id, example.version, example.languages) == ("recovery", 3, ("en", "fr"))
    assert (topics.stars, topics.sensitive, topics.part) == (3, True, "topics")
    assert topics.option("alcohol").family == "substances"
    assert topics.match == Coverage(rule="coverage", part="topics")


def test_the_keys_of_a_rule_have_the_defaults_of_the_design() -> None:
    match = {question.id: question.match for question in questionnaire().question}
    assert match["topics"] == Coverage(
        rule="coverage", part="topics", star_weight=Fraction(2), family_share=Fraction(3, 10), rarity=True
    )
    assert match["hours"] == Overlap(rule="gate:overlap", part="availability", min_minutes=60, target_minutes=240)
    assert match["months_steady"] == Steady.model_validate({"rule": "gate:steady", "with": "topics", "min_months": 12})
    assert Closeness(rule="closeness", part="life") == Closeness(
        rule="closeness", part="life", falloff=Fraction(1, 2), at_least=False
    )
    assert Option(id="near").within == 0


def test_months_and_excludes_take_their_options_from_with() -> None:
    by_id = questionnaire().by_id
    for borrowing in ("months_steady", "not_now"):
        assert by_id[borrowing].options == by_id["topics"].options


def test_months_with_options_of_its_own_keep_them(tmp_path: Path) -> None:
    own = 'options = [{id = "grief", label = {en = "loss", fr = "perte"}}]\n[question.match]\nrule = "gate:steady"'
    text = changed('[question.match]\nrule = "gate:steady"', own)
    assert load(write(tmp_path, "small.toml", text)).by_id["months_steady"].option_ids == ("grief",)


# What is refused: the shape

TOPICS, GRIEF = " question 'topics'", " question 'topics' option 'grief'"
SHAPE = [
    ("version = 7", "version = 7\nvs = 7 # here", "", "'vs' is not known", "Take it out"),
    ("stars = 2", "stars = 2\nstar = 2 # here", TOPICS, "'star' is not known", "correct its spelling"),
    (
        '  {id = "grief", label',
        '  {id = "grief", colour = "red", # here\n label',
        GRIEF,
        "'colour' is not known",
        "Take it out",
    ),
    ('part = "topics"', 'part = "topics"\nfallof = 1 # here', TOPICS, "'fallof' is not known", "Take it out"),
    ("[question.supporter]", "[question.supporter]\nlead = 1 # here", TOPICS, "'lead' is not known", "Take it out"),
    ("[question.words]", "[question.words]\nsaid = 1 # here", TOPICS, "'said' is not known", "Take it out"),
    ('id = "hers"', 'id = "hers"\ntitle = 1 # here', " screen 'hers'", "'title' is not known", "Take it out"),
    ('kind = "scale"', 'kind = "ladder" # here', " question 'stage'", "kind is 'ladder'", "'scale'"),
    ('rule = "closeness"', 'rule = "near" # here', " question 'stage'", "rule 'near' is not known", "'closeness'"),
    ('[question.match]\nrule = "closeness"', "[question.match] # here", " question 'stage'", "rule is missing", "rule"),
    ('id = "stage"\nkind = "scale"\nasked = "both"', 'id = "stage"\nkind = "scale"\nasked = "all" # here',
     " question 'stage'", "asked is 'all'", "'requester', 'supporter' or 'both'"),
    ('[[question]]\nid = "spare"\nkind = "number"', '[[question]] # here\nid = "spare"', " question 'spare'",
     "'kind' is missing", "Add kind ="),
    ('[[question]]\nid = "spare"', "[[question]] # here", " question 'number 14'", "'id' is missing", "Add id ="),
    ('[question.match]\nrule = "closeness"\npart = "life"', '[question.match] # here\nrule = "closeness"',
     " question 'stage'", "'part' is missing", "Add part ="),
    ("stars = 2", "stars = -1 # here", TOPICS, "greater than or equal to 0", "Correct the value"),
    ("stars = 2", "stars = 2.5 # here", TOPICS, "stars", "Correct the value"),
    ("most = 2", "most = 0 # here", " question 'pastimes'", "greater than 0", "Correct the value"),
    ("within = 1,", "within = -1, # here\n", " question 'wants' option 'near'", "or equal to 0", "Correct the value"),
    ('part = "availability"', 'part = "availability"\nmin_minutes = -60 # here', " question 'hours'", "equal to 0",
     "Correct"),
    ('part = "availability"', 'part = "availability"\ntarget_minutes = 0 # here', " question 'hours'", "than 0", "Cor"),
    ('rule = "gate:steady"', 'rule = "gate:steady"\nmin_months = -1 # here', " question 'months_steady'", "equal to 0",
     "Correct the value"),
    ("at_least = true", "falloff = nan # here", " question 'stage'", "a finite number", "Correct the value"),
    ("at_least = true", 'falloff = "0.5" # here', " question 'stage'", "a number is needed", "Correct the value"),
    ('id = "spare"', 'id = "-" # here', " question '-'", "'-' cannot be an id", "not only a dash"),
    ('  {id = "grief",', '  {id = "a;b", # here\n', " question 'topics' option 'a;b'", "cannot be an id", "no ; * ="),
    ('languages = ["en", "fr"]', "languages = [] # here", "", "at least 1 item", "Correct the value"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "ids", "problem", "remedy"), SHAPE)
def test_a_wrong_shape_is_refused(tmp_path: Path, old: str, new: str, ids: str, problem: str, remedy: str) -> None:
    check(tmp_path, changed(old, new), ids, problem, remedy)


# What is refused: what does not hold across the file

ACROSS = [
    ('id = "spare"', 'id = "stage" # here', " question 'stage'", "another question has this id", "its own id"),
    ('  {id = "moving", label', '  {id = "grief", label', GRIEF, "another option has this id", "its own id"),
    ('id = "spare"', 'id = "load" # here', " question 'load'", "is a column of the spreadsheet", "another id"),
    ('id = "spare"', 'id = "safe_hours" # here', " question 'safe_hours'", "kind availability", "availability"),
    ('screen = "hers"', 'screen = "his" # here', " question 'adult'", "'his' is not declared", "[[screen]]"),
    ('must_be = "yes"', 'must_be = "sure" # here', " question 'adult'", "must_be names 'sure'", "one of its options"),
    ('label = {en = "Town", fr = "Ville"}', 'label = {en = "Town"} # here', " question 'town'", "no 'fr' text",
     'Add fr = "..."'),
    ('label = {en = "Town", fr = "Ville"}', 'label = {en = "Town", fr = " "} # here', " question 'town'", "no 'fr' t",
     'Add fr = "..."'),
    ('label = {en = "Town", fr = "Ville"}', 'label = {en = "Town", fr = "Ville", de = "Stadt"} # here',
     " question 'town'", "a 'de' text", "Add 'de' to languages"),
    ('why = {en = "We meet adults.", fr = "Nous voyons des adultes."}', 'why = {fr = "x"} # here', " question 'adult'",
     "why has no 'en' text", 'Add en = "..."'),
    ('label = {en = "mourning", fr = "deuil"}', 'label = {fr = "deuil"} # here\n', GRIEF, "no 'en' text", "Add en"),
    ('fr = "Elle a vécu : {options}."}', "} # here", TOPICS, "shared has no 'fr' text", "Add fr"),
    ('card = "card"', 'card = "postcard" # here', "", "card names 'postcard'", "Name her question"),
    ('of = "faith", label = {en = "same', 'of = "creed", # here\n label = {en = "same',
     " question 'wants' option 'same_faith'", "of names 'creed'", "Name one"),
    ('of = "faith", label = {en = "same', 'of = "hours", # here\n label = {en = "same',
     " question 'wants' option 'same_faith'", "of names 'hours'", "Name one"),
    ('of = "faith", label = {en = "same', 'of = "apart", # here\n label = {en = "same',
     " question 'wants' option 'same_faith'", "apart is not asked of both", "Ask apart of both"),
    ('has = "grief"', 'has = "loss" # here\n', " question 'wants' option 'mourned'", "has names 'loss'", "its options"),
    ('of = "stage", within = 1', 'of = "topics", within = 1 # here\n', " question 'wants' option 'near'",
     "within needs ordered options", "out"),
    ('of = "faith", label = {en = "faith"', 'of = "creed", # here\n label = {en = "faith"',
     " question 'card' option 'show_faith'", "of names 'creed'", "Name one"),
    ('  {id = "walks",', '  {id = "walks", has = "music", # here\n', " question 'pastimes' option 'walks'",
     "belong to wishes", "Take them out"),
    ('when = "apart"', 'when = "away" # here', " question 'town'", "when names 'away'", "Name one"),
    ('when = "apart"', 'when = "tongues" # here', " question 'town'", "no yes_no question", "Name one"),
    ('rule = "gate:steady"\nwith = "topics"', 'rule = "gate:steady"\nwith = "themes" # here',
     " question 'months_steady'", "with names 'themes'", "Name one"),
    ('rule = "gate:steady"\nwith = "topics"', 'rule = "gate:steady"\nwith = "card" # here',
     " question 'months_steady'", "which she is not asked", "one that she is"),
    ('rule = "gate:excludes"\nwith = "topics"', 'rule = "gate:excludes"\nwith = "town" # here',
     " question 'not_now'", "with names 'town'", "Name one"),
    ('[question.match]\nrule = "gate:excludes"',
     'options = [{id = "rain", label = {en = "r", fr = "r"}}] # here\n[question.match]\nrule = "gate:excludes"',
     " question 'not_now' option 'rain'", "topics has no such option", "Options come from topics"),
    ('hours = "Mon-Fri 18:00-21:00"', 'hours = "Mon-Fri 18:10-21:00" # here\n', " question 'hours' option 'evening'",
     "18:10 is not on the hour", "Mon-Fri 18:00-22:00"),
    ('hours = "Mon-Fri 18:00-21:00", ', "# here\n", " question 'hours' option 'evening'", "each needs them", "hours ="),
    ('  {id = "walks",', '  {id = "walks", hours = "Mon 10:00-11:00", # here\n',
     " question 'pastimes' option 'walks'", "hours belong to the day parts", "nowhere else"),
    ('  {id = "walks",', '  {id = "walks", outside = true, # here\n', " question 'pastimes' option 'walks'",
     "outside is for the ways of contact", "Take it out"),
    ('  {id = "helping",', '  {id = "helping", family = "f", # here\n', " question 'stage' option 'helping'",
     "family means nothing", "Take it out"),
    ('kind = "number"', 'kind = "number"\nstars = 1 # here', " question 'spare'", "stars need the kind choices", "out"),
    ('kind = "number"', 'kind = "number"\nmost = 1 # here', " question 'spare'", "most needs the kind choices", "out"),
    ('[[question]]\nid = "spare"\nkind = "number"', '[[question]] # here\nid = "spare"\nkind = "choices"',
     " question 'spare'", "needs options", "Add options"),
    ('part = "topics"', 'part = "topics"\nstar_weight = 0.5 # here', TOPICS, "star_weight is below 1", "count less"),
    ('part = "topics"', 'part = "topics"\nfamily_share = 1.1 # here', TOPICS, "not between 0 and 1", "0.3"),
    ("at_least = true", "falloff = -0.1 # here", " question 'stage'", "falloff is below 0", "0.5"),
    ('part = "life"', 'part = "headroom" # here', " question 'stage'", "cannot be fed by a question", "another part"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "ids", "problem", "remedy"), ACROSS)
def test_what_does_not_hold_is_refused(
    tmp_path: Path, old: str, new: str, ids: str, problem: str, remedy: str
) -> None:
    text = changed(old, new)
    if HERE not in text:  # an id that stands there twice: the line of the first
        text = changed('{en = "mourning", fr = "deuil"}},', '{en = "mourning", fr = "deuil"}}, # here', text)
    check(tmp_path, text, ids, problem, remedy)


