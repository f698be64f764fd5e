"""Texts as they are compared: which known one was meant by a slip, and which texts say nothing at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.text import did_you_mean, hint, nearest

# What was meant


@pytest.mark.parametrize(
    ("wrong", "known"),
    [
        ("alcool", "alcohol"),
        ("Alcohol", "alcohol"),
        ("alcohol*", "alcohol"),
        ("Whine and beer", "wine and beer"),
        ("topisc", "topics"),
        ("topic", "topics"),
        ("Livd", "lived"),
        ("seperator", "separator"),
        ("agegroup", "age_group"),
        ("Age Group", "age_group"),
        ("weekend mornng", "weekend_morning"),
        ("language:", "languages"),
        ("american/toronto", "America/Toronto"),
        ("endeuillee", "Endeuillée"),
    ],
)
def test_a_slip_of_the_pen_is_known(wrong: str, known: str) -> None:
    assert nearest(wrong, [known, "something else"]) == known
    assert did_you_mean([wrong], [known]) == f"Did you mean {known!r}? "


OPPOSITES = [
    *[("in_person", "not_in_person"), ("not in person", "in_person"), ("alcohol", "no_alcohol"), ("male", "female")],
    *[("with children", "without children"), ("employed", "unemployed"), ("steady", "unsteady"), ("able", "unable")],
    *[
        ("active", "inactive"),
        ("parent", "non-parent"),
        ("typical", "atypical"),
        ("can", "can't"),
        ("legal", "illegal"),
    ],
    *[
        ("employer", "employee"),
        ("hypotension", "hypertension"),
        ("mère", "père"),
        ("mother", "other"),
        ("must", "most"),
    ],
    *[("stable", "instable"), ("avec enfants", "sans enfants"), ("connue", "inconnue"), ("hopeful", "hopeless")],
    *[("can_drive", "cant_drive"), ("wont_say", "won_say"), ("not", "note")],
]
OTHERS = [
    *[("weekday_morning", "weekend_morning"), ("weekday_evening", "weekday_morning"), ("age_25_34", "age_35_44")],
    *[("topics___alcohol", "topics_other"), ("home", "hope"), ("load", "road"), ("en", "es"), ("s31", "s32")],
    *[("horse", "house"), ("step_4", "step_5"), ("", "a"), ("*", "-"), ("x" * 300, "x" * 299), ("topics 2", "topics")],
]


@pytest.mark.parametrize(("one", "other"), [*OPPOSITES, *OTHERS])
def test_an_opposite_or_another_word_is_never_guessed(one: str, other: str) -> None:
    assert nearest(one, [other]) is None
    assert nearest(other, [one]) is None
    assert did_you_mean([one], [other]) == ""


def test_between_two_that_are_as_near_nothing_is_guessed() -> None:
    assert nearest("weekdsy_late", ["weekday_late", "weekend_late"]) == "weekday_late"
    assert nearest("coloor", ["color", "colour"]) is None
    assert nearest("STAGE", ["stage", "stages"]) == "stage"
    assert nearest("stage", ["Stage", "STAGE"]) is None


def test_two_texts_with_one_meaning_are_one_guess() -> None:
    meanings = {"alcohol": ("alcohol",), "alcool": ("alcohol",), "drugs": ("drugs",)}
    assert nearest("alcohl", meanings) == "alcohol"
    assert nearest("alcohl", {**meanings, "alcool": ("wine",)}) is None


def test_an_id_is_named_for_a_slip_and_never_for_somebody_else() -> None:
    assert hint("Berhta", ["bertha", "anna"]) == "Did you mean 'bertha'? "
    assert hint("s-031", ["s31", "s3"]) == "Did you mean 's31'? "
    for wrong, other in (("anne", "anna"), ("maria", "mario"), ("s31", "s32"), ("ann", "bann"), ("", "a")):
        assert hint(wrong, [other]) == "", wrong


TYPED = st.text(alphabet="abcÉe_ -'1", max_size=12)


@given(TYPED, st.lists(TYPED, max_size=5))
def test_what_is_guessed_is_known_and_holds_the_same_digits(wrong: str, known: list[str]) -> None:
    near = nearest(wrong, known)
    assert near is None or (near in known and near.count("1") == wrong.count("1"))


@given(TYPED, TYPED)
def test_who_is_taken_for_another_is_taken_the_other_way_round_too(one: str, other: str) -> None:
    assert (nearest(one, [other]) is None) == (nearest(other, [one]) is None)
