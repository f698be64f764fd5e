"""Whoever acts as staff on somebody is asked whether her file is closed: `require_as_staff`, never `require`."""

import ast
from collections.abc import Iterator

from tests.architecture.house import ROOT, python_files
from webapp.domain.access import RULES, Action, Relation

AS_STAFF = frozenset(
    {Action.__members__[name] for name, one in Action.__members__.items() if RULES[one][1] is Relation.STAFF}
)
ABOUT_NOBODY = "Subject()"
ASKED_ELSEWHERE = frozenset({"FINISH_TASK"})
"""services/tasks asks of a task's own subject, which holds those to whom a file is closed."""


def bare_requires(source: str) -> Iterator[str]:
    """Name every `require` of an action of staff that asks about somebody."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "require":
            action = ast.unparse(node.args[1]).removeprefix("Action.")
            is_staff = action in Action.__members__ and Action[action] in AS_STAFF
            if is_staff and action not in ASKED_ELSEWHERE and ast.unparse(node.args[2]) != ABOUT_NOBODY:
                yield f"{action} line {node.lineno}"


def test_every_act_of_staff_on_somebody_asks_for_closed_files():
    found = {
        str(path.relative_to(ROOT)): list(bare_requires(path.read_text(encoding="utf-8")))
        for path in python_files("webapp")
    }
    assert {path: one for path, one in found.items() if one} == {}


def test_a_bare_one_is_seen():
    assert list(bare_requires("require(actor, Action.READ_REQUEST, subject_of(request))")) == ["READ_REQUEST line 1"]
    assert list(bare_requires("require(actor, Action.SEE_DESK, Subject())")) == []
    assert list(bare_requires("require(actor, Action.SEE_CONCERN, Subject(owner=actor.id))")) == []
