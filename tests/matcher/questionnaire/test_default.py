"""The default questionnaire is complete: every wording in both languages, and all that DOMAIN.md section 7 lists."""

import pytest

from matcher.errors import BadAnswer
from matcher.questionnaire.answers import read_answer
from matcher.questionnaire.loading import load
from matcher.questionnaire.schema import Question, Text

QUESTIONNAIRE = load()
NEEDED = (1, 2, 3, 4, 5, 8)
ITEMS = {
    1: ("Are you 18 or older?", ["adult"]),
    2: ("What name should we use, and pronouns", ["name", "pronouns"]),
    3: ("Is it safe to use this device now?", ["device_safe"]),
    4: ("How may we reach you safely?", ["reach", "safe_hours", "voicemail", "code_word"]),
    5: ("Which languages do you want to talk in?", ["languages"]),
    6: ("How would you like to talk with your supporter?", ["modes"]),
    7: ("When is good?", ["availability"]),
    8: ("What would you like support with?", ["topics", "topics_other"]),
    9: ("Where do you feel you are now?", ["stage"]),
    10: ("Which ways to recovery fit you?", ["ways"]),
    11: ("What kind of support helps most?", ["support_kind"]),
    12: ("My life now includes", ["life_now"]),
    13: ("Your age group", ["age_group"]),
    14: ("Anything you would like you and her to share?", ["wishes", "about_me", "culture", "faith", "rural"]),
    15: ("Is there anything you do not want?", ["not_now", "different_town", "town", "not_with"]),
    16: ("Interests", ["interests"]),
    17: ("One thing you hope for, and accessibility needs", ["hope", "access_needs"]),
}
NEVER_ASKED = (
    *("what happened", "who did it", "violence", "diagnosis", "medicine", "how much", "police", "child protection"),
    *("children live with", "immigration", "date of birth", "address", "health card", "photo", "emergency"),
)
WISHES = {
    "culture or background": "culture", "faith": "faith", "close in age": "age_group", "mother": "about_me",
    "LGBTQ2S+": "about_me", "Indigenous": "about_me", "from elsewhere": "about_me", "outside the cities": "rural",
    "way of getting better": "ways",
}  # fmt: skip
COUNTS = {"topics": 16, "stage": 4, "ways": 10, "support_kind": 5, "age_group": 6, "interests": 12, "availability": 8}


def is_whole(wording: Text | None) -> bool:
    return wording is not None and set(wording) == {"en", "fr"} and all(text.strip() for text in wording.values())


@pytest.mark.parametrize("question", QUESTIONNAIRE.question, ids=lambda question: question.id)
def test_every_question_and_option_is_worded_in_both_languages_and_says_why_it_is_asked(question: Question) -> None:
    assert is_whole(question.label)
    assert is_whole(question.why)
    assert [option.id for option in question.options if not is_whole(option.label)] == []
    assert question.options or question.kind in ("number", "yes_no", "text")


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONNAIRE.question if q.asked == "both"], ids=lambda question: question.id
)
def test_what_both_sides_are_asked_has_a_wording_for_the_supporter(question: Question) -> None:
    assert question.supporter is not None
    assert is_whole(question.supporter.label)
    assert is_whole(question.supporter.why)


@pytest.mark.parametrize(("number", "item"), ITEMS.items())
def test_each_of_the_seventeen_items_of_the_domain_is_asked_of_her(number: int, item: tuple[str, list[str]]) -> None:
    said, questions = item
    asked = {question.id: question for question in QUESTIONNAIRE.asked_of("requester")}
    assert [question for question in questions if question not in asked] == [], said
    assert asked[questions[0]].required or number not in NEEDED, said


def test_she_says_how_the_choice_is_made() -> None:
    assert QUESTIONNAIRE.by_id["how_to_choose"].option_ids == ("show_me", "choose_for_me")


def test_a_supporter_is_asked_what_her_profile_needs() -> None:
    hers = {question.id for question in QUESTIONNAIRE.asked_of("supporter")}
    assert hers >= {question for _, questions in list(ITEMS.values())[4:13] for question in questions}
    assert hers >= {"months_steady", "not_now", "weekly_hours", "town", "hello", "experience_note", "interests", "card"}


def test_nothing_of_the_never_ask_list_is_missing() -> None:
    said = [text["en"].lower() for text in QUESTIONNAIRE.never_ask]
    assert [words for words in NEVER_ASKED if not any(words in text for text in said)] == []
    assert len(said) == len(NEVER_ASKED)
    assert all(is_whole(text) for text in QUESTIONNAIRE.never_ask)


def test_each_wish_of_the_domain_is_there_and_looks_at_its_question() -> None:
    by_label = {option.label["en"]: option.of for option in QUESTIONNAIRE.by_id["wishes"].options}
    found = {words: [of for label, of in by_label.items() if words in label] for words in WISHES}
    assert found == {words: [of] for words, of in WISHES.items()}


def test_the_lists_to_choose_from_are_as_long_as_in_the_domain() -> None:
    assert {question: len(QUESTIONNAIRE.by_id[question].options) for question in COUNTS} == COUNTS
    assert QUESTIONNAIRE.by_id["topics"].stars == 3
    assert QUESTIONNAIRE.by_id["support_kind"].most == 2
    assert QUESTIONNAIRE.by_id["interests"].most == 5


def test_no_message_at_all_is_marked_alone() -> None:
    reach = QUESTIONNAIRE.by_id["reach"]
    assert read_answer(reach, "call; text_message", side="requester") is not None
    with pytest.raises(BadAnswer, match="'i_will_contact' goes with no other option"):
        read_answer(reach, "call; i_will_contact", side="requester")
