"""The four state machines and a supporter's: equal to their drawings, and nothing moves but by the table."""

from itertools import product

import pytest

from tests.domain.drawings import MACHINES, PAGE, drawn, on_the_page
from webapp.domain import checkins, concerns, covers, introductions, meetings, notices, proposals, requests, supporters
from webapp.domain.lifecycles import WrongStep

MODULES = {
    "request": requests, "proposal": proposals, "introduction": introductions, "cover": covers, "check-in": checkins,
    "meeting": meetings, "concern": concerns, "supporter": supporters, "notice": notices,
}  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
def test_the_drawing_is_the_table(machine):
    assert on_the_page(PAGE.read_text(encoding="utf-8"), machine) == drawn(MACHINES[machine])


@pytest.mark.parametrize("machine", MACHINES)
def test_every_cell_steps_as_the_table_says_or_refuses(machine):
    module = MODULES[machine]
    for state, event in product(module.State, module.Event):
        if event in module.TRANSITIONS[state]:
            assert module.step(state, event) is module.TRANSITIONS[state][event]
        else:
            with pytest.raises(WrongStep):
                module.step(state, event)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_can_be_reached_and_every_event_is_used(machine):
    table = MACHINES[machine]
    reached, ahead = set(), [next(iter(table))]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += table[state].values()
    assert reached == set(table)
    assert {event for events in table.values() for event in events} == set(MODULES[machine].Event)


def test_she_can_leave_from_wherever_she_stands():
    for state in requests.OPEN:
        assert requests.step(state, requests.Event.WITHDRAWN) is requests.State.WITHDRAWN


def test_live_and_open_states_are_those_that_can_still_move():
    moving = {state for state, events in proposals.TRANSITIONS.items() if events}
    assert moving == proposals.LIVE | {proposals.State.PASSED_BY}  # it is over, and can be brought back for minutes
    assert {state for state, events in introductions.TRANSITIONS.items() if events} == introductions.LIVE
