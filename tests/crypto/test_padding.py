"""The length of a ciphertext tells neither a short answer nor which questions were answered."""

import pytest

from seeds import people
from webapp.crypto import keyring
from webapp.crypto.keyring import KeyRing
from webapp.crypto.padding import pad, step_for, unpad
from webapp.domain.checkins import ASKED, Side, Urgency
from webapp.models import CheckIn, Request, Supporter
from webapp.services import matching


@pytest.fixture(autouse=True)
def ring(monkeypatch):
    monkeypatch.setattr(keyring, "_ring", KeyRing({1: b"1" * 32}, 1, b"blind"))


@pytest.mark.parametrize("length", [0, 1, 59, 60, 61, 124, 125, 4092, 4093, 9000])
def test_what_was_filled_up_comes_back(length):
    plain = b"x" * length
    padded = pad(plain)
    assert unpad(padded) == plain
    assert len(padded) == step_for(length + 4)
    assert len(padded) <= max(64, 2 * (length + 4))


def test_what_was_never_filled_up_is_refused():
    with pytest.raises(ValueError, match="longer than"):
        unpad(b'"yes"' * 3)


def test_few_lengths_are_ever_seen():
    assert len({step_for(length) for length in range(4097)}) == 7


def answers_to(question):
    """Every answer of one mark, all marks together, and none."""
    options = question.option_ids or ("yes", "no")
    return [[], *([one] for one in options), list(options)]


@pytest.mark.parametrize("kind", [Request, Supporter])
@pytest.mark.parametrize(
    "question", [q for q in matching.questionnaire().by_id.values() if q.kind != "text"], ids=lambda q: q.id
)
def test_every_answer_of_a_question_has_one_length(kind, question):
    field = kind.answers
    lengths = {len(field.seal({question.id: {"answer": said, "stars": said}}, "p")) for said in answers_to(question)}
    assert lengths == {len(field.seal({}, "p"))}


def test_the_answers_of_all_invented_people_are_as_long_as_none_at_all():
    """They fill most of the questionnaire; only somebody who writes a page of her own is longer."""
    for sheet, side, kind in (("requests", "requester", Request), ("supporters", "supporter", Supporter)):
        asked = {question.id for question in matching.questionnaire().asked_of(side)}
        for row in people.read(sheet, people.WRITTEN_ON):
            said = {
                column: matching.read_cell(column, row.cells[column], side) for column in row.cells if column in asked
            }
            assert len(kind.answers.seal(said, "p")) == len(kind.answers.seal({}, "p")), row.id


def test_every_check_in_has_one_length():
    shortest = {"safe": "no"}
    longest = [{question: max(said, key=len) for question, said in ASKED[side].items()} for side in Side]
    assert len({len(CheckIn.said.seal(said, "p")) for said in (shortest, *longest)}) == 1
    assert len({len(CheckIn.urgency.seal(str(one), "p")) for one in Urgency}) == 1
