"""docs/access.md says what the rules say."""

from tests.security.doors.access_page import PAGE, RELATIONS, prove, written
from webapp.domain.access import RULES, Action, Relation


def test_the_page_is_written_from_the_rules():
    assert PAGE.read_text(encoding="utf-8") == written(), "run: python -m tests.security.doors.access_page"


def test_the_page_tells_of_every_action_and_relation():
    assert set(RULES) == set(Action)
    assert set(RELATIONS) == set(Relation)
    assert all(f"| {action} |" in written() for action in Action)


def test_a_changed_rule_is_seen(monkeypatch):
    monkeypatch.setitem(RULES, Action.SEE_DESK, RULES[Action.SEE_HOME])
    assert PAGE.read_text(encoding="utf-8") != written()


def test_every_cell_of_the_rules_is_what_the_page_says():
    assert prove(long=False).failures == 0


def test_a_cell_that_differs_is_counted(monkeypatch):
    monkeypatch.setitem(RULES, Action.SEE_DESK, RULES[Action.SEE_HOME])
    assert prove(long=False).failures > 0
