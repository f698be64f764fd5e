"""Whoever stops acting: within 48 hours after the clock that notices, a named person has it in hand who is there."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.pages.story import Story
from tests.reliability.vanishing.lives import MONDAY, WEEKS, Village, begin_lives, now
from webapp import clock

WITHIN = timedelta(hours=48)
MOMENTS = (timedelta(hours=6), timedelta(days=4, hours=18))
"""On a Monday evening, and on a Saturday: after so long somebody vanishes."""
FEW = ("supporter before a word", "supporter past her break", "woman who asks")


@pytest.fixture
def story(app) -> Story:
    clock.move(MONDAY - clock.now())
    return Story(app)


def missed(village: Village) -> list[str]:
    """Return the lives of which nobody who is there has learned in time."""
    found, gone = village.tasks(), village.gone_from_the_desk
    lost = []
    for life in village.lives:
        people = {life.woman.actor.id, life.supporter.actor.id}
        told = [one for one in found if one.about in people and one.kind in life.notices]
        in_time = [one for one in told if life.vanishes_at <= one.opened_at <= life.noticed_by + WITHIN]
        if not any((one.done_by or one.owner) not in (None, *gone) for one in in_time):
            lost.append(
                f"{life.name} at {life.vanishes_at}: {Counter(one.kind for one in found if one.about in people)}"
            )
    return lost


def left_lying(village: Village) -> list[str]:
    """Return the tasks that have been due for two days and lie with nobody, or with somebody who is gone."""
    late = [one for one in village.tasks() if one.due_at + WITHIN < (one.done_at or now())]
    return [f"{one.kind} due {one.due_at}" for one in late if one.owner in (None, *village.gone_from_the_desk)]


def lived(story: Story, *gone: str, weeks: int = WEEKS, names=(), moments=MOMENTS, without=frozenset()) -> Village:
    village = Village(story, frozenset(gone))
    begin_lives(village, [MONDAY + passed for passed in moments], names)
    village.live(weeks, without=frozenset(without))
    return village


def test_whoever_vanishes_is_noticed_and_no_woman_is_without_a_person(story, capsys):
    village = lived(story)
    assert missed(village) == []
    assert left_lying(village) == []
    with capsys.disabled():
        said = (
            f"{len(village.lives)} lives, {village.steps} steps of the worker, {len(village.tasks())} tasks, 0 missed"
        )
        print(f"\nwhoever vanishes: {said}")


@pytest.mark.parametrize("gone", [("robin",), ("sam",), ("robin", "sam")])
def test_what_a_coordinator_or_her_deputy_leaves_goes_to_who_is_there(story, gone):
    village = lived(story, *gone, weeks=2, names=FEW, moments=MOMENTS[:1])
    assert missed(village) == []
    assert left_lying(village) == []
    assert village.tasks()


def test_the_drill_sees_it_where_nothing_is_passed_on(story):
    village = lived(story, "robin", weeks=2, names=FEW, moments=MOMENTS[:1], without={"pass_on_tasks"})
    assert left_lying(village) != []


def test_the_drill_sees_it_where_absences_are_told_to_nobody(story):
    village = lived(story, weeks=1, names=("supporter past her break",), moments=MOMENTS[:1], without={"absences"})
    assert len(missed(village)) == 1
