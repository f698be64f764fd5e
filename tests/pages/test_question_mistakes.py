"""What stands wrong on a screen of questions: it is named, asked kindly, in her language, and nothing is lost."""

import re

import pytest

from tests.pages.women import chosen_in, stored, turn_clock
from tests.programme.browsing import words_of


@pytest.fixture
def her(sign_in_as):
    turn_clock()
    return sign_in_as()


def test_a_star_without_its_tick_is_asked_about_and_not_dropped(her, app):
    her.send("/questions")
    answer = her.send("/questions/support", **{"q-topics": ["alcohol"], "q-topics-star": ["alcohol", "grief"]})
    assert answer.status_code == 422
    assert "did not tick it: Grief or loss. Tick it too" in words_of(answer)
    assert any("q-topics-star" in box and 'value="grief"' in box for box in chosen_in(answer))
    her.send("/questions/support", **{"q-topics": ["alcohol"], "q-topics-star": ["alcohol"]})
    assert stored(app, her)["topics"] == {"answer": ["alcohol"], "stars": ["alcohol"]}


def test_a_line_break_counts_once(her, app):
    her.send("/questions")
    assert her.send("/questions/hope", **{"q-hope": "a\r\n" * 100}).status_code == 303
    assert stored(app, her)["hope"]["answer"].count("\n") == 99


def test_in_french_nothing_is_said_in_english_not_even_by_the_form(her):
    her.send("/questions")
    her.send("/language", language="fr")
    answer = her.send("/questions/life", **{"q-age_group": "abc", "q-life_now": ["abc"]})
    assert answer.status_code == 422
    assert "Quel est votre groupe d’âge? Choisissez une de ces réponses." in words_of(answer)
    assert "valid" not in words_of(answer).lower()


@pytest.mark.parametrize(
    ("screen", "fields", "said", "target"),
    [
        (
            "support",
            {
                "q-topics": ["alcohol", "grief", "trauma", "parenting"],
                "q-topics-star": ["alcohol", "grief", "trauma", "parenting"],
                "q-topics_other": "the move north",
            },
            "What would you like support with\\? Up to 3 stars",
            "q-topics-0",
        ),
        (
            "interests",
            {"q-interests": ["music", "books", "games", "nature", "sport", "shows"]},
            "Up to 5 marks",
            "q-interests-0",
        ),
        ("hope", {"q-hope": "x" * 201}, "What is one thing [^<]*up to 200 characters", "q-hope"),
        ("start", {"q-name": "x" * 81, "q-adult": "yes"}, "up to 80 characters", "q-name"),
        ("life", {"q-age_group": "of_no_age"}, "Choose one of these", "q-age_group-0"),
        ("start", {"time_zone": "Mars/Olympus"}, "Choose one of these", "time_zone-0"),
    ],
)
def test_what_stands_wrong_is_said_with_a_link_and_nothing_is_lost(her, app, screen, fields, said, target):
    her.send("/questions")
    answer = her.send(f"/questions/{screen}", **fields)
    assert answer.status_code == 422
    assert re.search(rf'<a href="#{target}">[^<]*{said}', answer.text)
    assert f'id="{target}"' in answer.text
    assert "<title>Please check:" in answer.text
    typed = [value for value in fields.values() if isinstance(value, str) and len(value) > 10]
    assert all(value in answer.text for value in typed if value != "Mars/Olympus")
    assert stored(app, her) == {}
