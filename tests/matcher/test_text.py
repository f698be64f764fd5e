"""Texts as they are compared: which known one was meant by a slip, and which texts say nothing at all."""

import csv
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.hints import did_you_mean, hint
from matcher.text import comparable, nearest

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
    assert str(did_you_mean([wrong], [known])) == f"Did you mean {known!r}? "


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
    assert str(did_you_mean([one], [other])) == ""


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
    assert str(hint("Berhta", ["bertha", "anna"])) == "Did you mean 'bertha'? "
    assert str(hint("s-031", ["s31", "s3"])) == "Did you mean 's31'? "
    for wrong, other in (("anne", "anna"), ("maria", "mario"), ("s31", "s32"), ("ann", "bann"), ("", "a")):
        assert str(hint(wrong, [other])) == "", wrong


TYPED = st.text(alphabet="abcÉe_ -'1", max_size=12)


@given(TYPED, st.lists(TYPED, max_size=5))
def test_what_is_guessed_is_known_and_holds_the_same_digits(wrong: str, known: list[str]) -> None:
    near = nearest(wrong, known)
    assert near is None or (near in known and near.count("1") == wrong.count("1"))


@given(TYPED, TYPED)
def test_who_is_taken_for_another_is_taken_the_other_way_round_too(one: str, other: str) -> None:
    assert (nearest(one, [other]) is None) == (nearest(other, [one]) is None)


# What says nothing

BY_PROGRAMS = [
    *(
        "nan",
        "NaN",
        "null",
        "NULL",
        "nul",
        "nil",
        "None",
        "undefined",
        "#N/A",
        "N/A",
        "n.a.",
        "#REF!",
        "#VALUE!",
        "#NAME?",
    ),
    *(
        "#DIV/0!",
        "#NUM!",
        "#NULL!",
        "#VALEUR!",
        "#NOM?",
        "#NOMBRE!",
        "#NUL!",
        "#SPILL!",
        "#ERROR!",
        "#GETTING_DATA",
        "Err:502",
    ),
    *(
        "=Sheet1!B2",
        "-99",
        "999",
        "0",
        "00000",
        "",
        " ",
        "?",
        "???",
        "-",
        "--",
        ".",
        "...",
        "x",
        "XX",
        "xxx",
        "*",
        "(blank)",
    ),
]
IN_ENGLISH = [
    *(
        "unknown",
        "Not known",
        "TBD",
        "tba",
        "TBC",
        "to be confirmed",
        "private",
        "It's private",
        "(private)",
        "confidential",
    ),
    *(
        "prefer not to say",
        "I'd rather not say",
        "I’d rather not say",
        "would prefer not to answer",
        "I do not wish to say",
    ),
    *(
        "don't know",
        "Dont know",
        "idk",
        "not sure",
        "not specified",
        "unspecified",
        "undisclosed",
        "withheld",
        "declined",
    ),
    *("refused to answer", "no answer", "no comment", "same", "same as above", "Ditto", "see above", "not applicable"),
    *(
        "no fixed address",
        "homeless",
        "none yet",
        "nothing",
        "elsewhere",
        "various",
        "anywhere",
        "other",
        "no",
        "Yes",
        "test",
    ),
    *(
        "town",
        "my town",
        "will not say",
        "can't say",
        "Prefer to keep this private",
        "missing",
        "not Windsor",
        "hidden",
    ),
]
IN_FRENCH = [
    *(
        "inconnu",
        "Inconnue",
        "ville inconnue",
        "sans objet",
        "s.o.",
        "S/O",
        "non précisé",
        "Non précisée",
        "non renseigné",
    ),
    *(
        "ne souhaite pas répondre",
        "Je ne souhaite pas répondre",
        "je préfère ne pas le dire",
        "préfère ne pas répondre",
    ),
    *(
        "je ne sais pas",
        "sais pas",
        "je n’ai pas envie de le dire",
        "privé",
        "c’est privé",
        "Confidentiel",
        "confidentielle",
    ),
    *(
        "aucun",
        "aucune",
        "rien",
        "néant",
        "idem",
        "même ville",
        "la même",
        "pareil",
        "à déterminer",
        "à confirmer",
        "à venir",
    ),
    *(
        "sans réponse",
        "pas de réponse",
        "refus de répondre",
        "ailleurs",
        "autre",
        "partout",
        "sans domicile fixe",
        "SDF",
    ),
    *("oui", "non", "vide", "voir ci-dessus", "non communiqué", "indisponible", "anonyme", "ma ville"),
]


@pytest.mark.parametrize("text", [*BY_PROGRAMS, *IN_ENGLISH, *IN_FRENCH])
def test_what_is_written_into_a_blank_says_nothing(text: str) -> None:
    assert comparable(text) is None
    assert comparable(f" {text.upper()}. ") is None


TOWNS = [
    *(
        "Nain",
        "Nome",
        "The Pas",
        "Notre-Dame-des-Monts",
        "Nottingham",
        "Pas-de-Calais",
        "Arras, Pas-de-Calais",
        "Ste-Anne",
    ),
    *(
        "Val-d'Or",
        "Saint-Louis-du-Ha! Ha!",
        "Sans Souci",
        "Neepawa",
        "Sainte-Anne-de-la-Pérade",
        "Noyan",
        "Nanaimo",
        "Iqaluit",
    ),
    *(
        "Otherville",
        "Sameville",
        "Privas",
        "Unknownville",
        "N'Djamena",
        "Né",
        "Pasadena",
        "津",
        "東京",
        "Ур",
        "M1 2AB",
        "90210",
    ),
    *(
        "New Westminster",
        "Truth or Consequences",
        "Nonantum",
        "Inconnueville",
        "Saint-Privé",
        "The Village",
        "Non Sung",
        "Hope",
        "Home Hill",
        "100 Mile House",
        "Y-ville",
    ),
]


@pytest.mark.parametrize("town", TOWNS)
def test_a_real_town_is_known(town: str) -> None:
    assert comparable(town) is not None


def test_every_city_of_the_time_zones_and_every_place_of_the_seeds_is_known() -> None:
    cities = {name.split("/")[-1].replace("_", " ") for name in available_timezones() if "/" in name}
    cities = {city for city in cities if city[0].isalpha() and not any(sign.isdigit() for sign in city)}
    with (Path(__file__).parents[2] / "seeds" / "places.csv").open(encoding="utf-8") as places:
        cities |= {cell for row in csv.reader(places) for cell in row if cell.istitle() and "." not in cell}
    assert len(cities) > 300
    assert {city for city in cities if comparable(city) is None} == set()


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_what_compares_it(text: str) -> None:
    assert comparable(text) is None or comparable(text)
