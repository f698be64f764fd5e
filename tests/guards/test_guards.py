"""Every guard that is listed can be switched off: its piece of code stands once in its file, and its test exists."""

from pathlib import Path

import pytest

from tests.guards.listed import guards

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.name)
def test_a_guard_stands_where_it_is_said_to_stand(guard):
    assert (ROOT / guard.file).read_text(encoding="utf-8").count(guard.cut) == 1
    path, _, name = guard.red.partition("::")
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not name or f"def {name.partition('[')[0]}(" in text


def test_no_name_stands_twice():
    names = [guard.name for guard in guards()]
    assert sorted(set(names)) == sorted(names)
