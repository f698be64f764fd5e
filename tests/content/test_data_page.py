"""docs/data.md names every column of the site, and whatever decrypts is a registered field."""

import ast
from pathlib import Path

from tests.architecture.house import ROOT
from tests.content.data_page import PAGE, PARTS, columns, said, sealed, written
from tests.proofs.counts import Count

OPENS = {"decrypt", "open_first"}
MAY_OPEN = {"crypto/fields.py", "crypto/keyring.py", "crypto/first_version.py", "services/keys.py"}
"""The modules that may decrypt: the fields themselves, and the resealing, which never looks inside."""


def wrong_entries() -> list[str]:
    """Name columns without an entry, entries without a column or a part, and seals that are said wrongly."""
    listed = {one["name"]: one for one in said()}
    wrong = [f"no entry: {name}" for name in columns() - listed.keys()]
    wrong += [f"no column: {name}" for name in listed.keys() - columns()]
    wrong += [f"parts: {name}" for name, one in listed.items() if one.keys() != PARTS or not all(one.values())]
    return wrong + [
        f"sealed or not: {name}"
        for name, one in listed.items()
        if name in columns() and name != "key_checks.value" and one["sealed"].startswith("yes") != (name in sealed())
    ]


def opened_elsewhere() -> list[str]:
    """Name the modules outside the fields that call what decrypts: a property of their own would be unregistered."""
    found = []
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        place = path.relative_to(ROOT / "webapp").as_posix()
        if place not in MAY_OPEN and calls(path) & OPENS:
            found.append(place)
    return found


def calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {one.attr for one in called if isinstance(one, ast.Attribute)} | {
        one.id for one in called if isinstance(one, ast.Name)
    }


def doubled() -> list[str]:
    names = [one["name"] for one in said()]
    return sorted({name for name in names if names.count(name) > 1})


def prove(*, long: bool) -> Count:
    """Compare the page with the tables, and look for whatever decrypts outside the registered fields."""
    modules = len(list((ROOT / "webapp").rglob("*.py")))
    failures = len(wrong_entries()) + len(opened_elsewhere()) + len(doubled())
    return Count(len(columns()) + modules, failures, f"{len(columns())} columns, {modules} modules")


def test_every_column_is_said_once_and_rightly():
    assert wrong_entries() == []
    assert doubled() == []


def test_nothing_decrypts_but_registered_fields():
    assert opened_elsewhere() == []


def test_the_page_is_written_from_the_list():
    assert PAGE.read_text(encoding="utf-8") == written(), "run: python -m tests.content.data_page"


def test_a_column_that_is_left_out_is_seen(monkeypatch):
    listed = said()[1:]
    monkeypatch.setattr("tests.content.test_data_page.said", lambda: listed)
    assert any(one.startswith("no entry") for one in wrong_entries())
