"""Names that look alike have one skeleton, others do not; passphrases that would soon be guessed are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.content import words
from webapp.domain.accounts import is_name, neat_name, skeleton
from webapp.domain.passphrases import LONGEST, Weakness, weakness_of
from webapp.domain.recovery import SIGNS, are_phone_words, neat_code, neat_phone_words, show_code

ABOUT_HER = ("mara.b", "Riverside", "candle-river-42")


@pytest.mark.parametrize(
    "twins",
    [
        ("mara", "MARA", "Mara", "m.a.r.a", "m-a_r-a", "ｍａｒａ", "mára", "mаrа"),
        ("marnie", "mamie", "MARN1E", "marnle"),
        ("river-10", "riverlo", "r1ver-I0", "river١٠"),
        ("wolf", "vvolf", "w0lf", "woIf"),
        ("soeur", "sœur", "SŒUR"),
        ("ανα", "ava"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(twins):
    assert len({skeleton(twin) for twin in twins}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("mara", "maria"), ("lucia", "luda"), ("river-10", "river-11"), ("ana", "anna")]
)
def test_names_that_do_not_look_alike_have_two(one, other):
    assert skeleton(one) != skeleton(other)


@given(st.text(max_size=40))
def test_a_skeleton_is_its_own_skeleton(name):
    assert skeleton(skeleton(name)) == skeleton(name)


@pytest.mark.parametrize("name", ["mаra", "aㅤbcd", "ma\x00ra", "ᎷARA", ""])
def test_letters_of_two_alphabets_and_letters_that_nobody_sees_make_no_name(name):
    assert not is_name(neat_name(name))


@pytest.mark.parametrize(
    ("passphrase", "weakness"),
    [
        ("elevenchars", Weakness.TOO_SHORT),
        ("a" * (LONGEST + 1), Weakness.TOO_LONG),
        ("passwordpassword", Weakness.REPEATED),
        (" " * 12, Weakness.TOO_SHORT),
        (" " * 12 + "x", Weakness.TOO_SHORT),
        ("🌊" * 12, Weakness.REPEATED),
        ("a" * 1000, Weakness.REPEATED),
        ("qwertyuiop[]", Weakness.A_ROW),
        ("abcdefghijkl", Weakness.A_ROW),
        ("azertyuiopqs", Weakness.COMMON),
        ("P@ssw0rd1234", Weakness.COMMON),
        ("motdepasse123", Weakness.COMMON),
        ("jetaimemonamour", Weakness.COMMON),
        ("sunshine2024!", Weakness.COMMON),
        ("pairwell 2026", Weakness.COMMON),
        ("Riverside 2026", Weakness.ABOUT_HER),
        ("mara.b mara.b", Weakness.ABOUT_HER),
        ("candle-river-42", Weakness.ABOUT_HER),
    ],
)
def test_what_would_soon_be_guessed_is_refused_with_its_reason(passphrase, weakness):
    assert weakness_of(passphrase, ABOUT_HER) is weakness


@pytest.mark.parametrize("passphrase", ["river stones are warm in June", "été à la rivière", "<script>'\"; --"])
def test_other_passphrases_are_taken(passphrase):
    assert weakness_of(passphrase, ABOUT_HER) is None


def test_words_of_one_caller_are_not_kept_for_another():
    assert weakness_of("candle-river-42", ["candle-river-42"]) is Weakness.ABOUT_HER
    assert weakness_of("candle-river-42 at noon", []) is None


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_four_offered_words_make_44_bits_and_are_always_taken(language):
    listed = words.load()[language]
    assert len(set(listed)) == len(listed) >= 2**11
    for start in range(0, len(listed) - 4, 97):
        assert weakness_of(" ".join(listed[start : start + 4]), ABOUT_HER) is None


def test_no_word_that_can_hurt_is_offered():
    hurting = {"abuse", "victim", "rape", "weapon", "murder", "violent", "violence", "abusif", "poison", "arme", "tuer"}
    assert not hurting & {word for listed in words.load().values() for word in listed}


@given(st.text(SIGNS, min_size=24, max_size=24))
def test_a_code_reads_back_however_it_was_written(code):
    written = show_code(code)
    assert neat_code(written) == neat_code(written.lower().replace("-", " ")) == code
    assert neat_code(written.replace("0", "O").replace("1", "l")) == code


def test_words_are_compared_as_they_are_heard():
    assert neat_phone_words("  Théière-BLEUE ") == neat_phone_words("theiere, bleue") == "theiere bleue"
    assert are_phone_words("blue kettle")
    assert not are_phone_words("kettle")
    assert not are_phone_words("a b c")
