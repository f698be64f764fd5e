"""Every sentence that sounds like a promise is one, with a test that is there; or it is said that it is none.

Each fault is seen on an invented list below: a sentence that is lacking, one that is gone, a test that is gone, a
promise without a test, an id that stands twice, and one that is promised and not.
"""

import pytest

from tests.promises.listed import Listed, Promise, faults, named_tests, read
from tests.promises.page import PAGE, written
from tests.promises.sentences import places, sounds_like_a_promise

HELD = "tests/promises/test_promises.py::test_a_sound_list_has_no_fault"
STOP = Promise("pairs", "stop-ends-it", ("It ends at once.",), (HELD,))
SOUND = Listed((STOP,), {"label": ("Stop now",)})
SAID = ("It ends at once.", "Stop now")


def test_every_promise_is_listed_said_and_tested():
    listed = read()
    caught = [said for said in places() if sounds_like_a_promise(said)]
    assert faults(listed, caught, places(), named_tests(listed)) == []


def test_the_page_is_written_from_the_lists():
    assert PAGE.read_text(encoding="utf-8") == written(), "python -m tests.promises.page"


def test_a_sound_list_has_no_fault():
    assert faults(SOUND, SAID, SAID, named_tests(SOUND)) == []


def lacking(**changed: object) -> Listed:
    return Listed((STOP, Promise(**{**vars(STOP), **changed})), SOUND.nothing)


@pytest.mark.parametrize(
    ("listed", "caught", "standing", "fault"),
    [
        (SOUND, (*SAID, "Nobody reads it."), SAID, "listed nowhere: Nobody reads it."),
        (SOUND, SAID, SAID[:1], "label: no page says it any more: Stop now"),
        (SOUND, SAID, SAID[1:], "stop-ends-it: no page says it any more: It ends at once."),
        (lacking(id="b", held_by=()), SAID, SAID, "b: a promise without a sentence or a test"),
        (lacking(id="b", says=()), SAID, SAID, "b: a promise without a sentence or a test"),
        (lacking(id="b", held_by=(HELD + "_gone",)), SAID, SAID, f"b: no such test: {HELD}_gone"),
        (lacking(id="b", held_by=("docs/promises.md::x",)), SAID, SAID, "b: no such test: docs/promises.md::x"),
        (lacking(), SAID, SAID, "stop-ends-it: this id is there twice"),
        (lacking(id="b", says=("Stop now",)), SAID, SAID, "promises nothing, and is listed twice: Stop now"),
    ],
)
def test_each_fault_is_seen(listed, caught, standing, fault):
    assert faults(listed, caught, standing, named_tests(listed)) == [fault]


@pytest.mark.parametrize(
    "said",
    ["Nobody reads your answers.", "Only she reads it", "It ends at once.", "We ask again every 30 days.", "Kept."],
)
def test_a_promise_sounds_like_one(said):
    assert sounds_like_a_promise(said)


@pytest.mark.parametrize("said", ["Your answers", "Read it", "A woman who was there", "Look again"])
def test_a_label_does_not(said):
    assert not sounds_like_a_promise(said)


def test_a_sentence_is_found_where_it_stands():
    assert "webapp/ui/templates/who_reads.html" in next(
        where for said, where in places().items() if said.startswith("Nobody reads your answers before you send them.")
    )
    assert places()["You never have to say why."] == {"matcher/questionnaire/recovery.toml"}
