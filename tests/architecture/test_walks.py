"""The walks of docs/architecture.md: every file on the way is there, and knows the one before or behind it."""

import re
from functools import cache
from itertools import pairwise

import grimp
import pytest

from tests.architecture.house import ROOT

PAGE = ROOT / "docs" / "architecture.md"
ACT = ["webapp/pages/offers/views.py", "webapp/services/offers.py", "webapp/domain/proposals.py"]


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("matcher", "webapp")


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def walks() -> dict[str, list[str]]:
    """Read each list of files under its heading."""
    section = PAGE.read_text(encoding="utf-8").partition("## One answer")[2].partition("\n## ")[0]
    parts = re.split(r"^(From a \w+):$", section, flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^\d+\. `([^`]+)`", told, re.MULTILINE)
        for name, told in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize("name", ["From a form", "From a cell"])
def test_each_file_of_a_walk_imports_the_next_or_is_imported_by_it(name: str) -> None:
    walk = walks()[name]
    assert len(walk) > 7
    assert all((ROOT / path).is_file() for path in walk)
    for one, other in pairwise(map(module_of, walk)):
        graph = imports()
        known = graph.direct_import_exists(importer=one, imported=other)
        assert known or graph.direct_import_exists(importer=other, imported=one), (one, other)


def test_the_files_of_one_act_know_each_other() -> None:
    told = PAGE.read_text(encoding="utf-8").partition("## One act")[2]
    for path in ACT:
        assert f"`{path.removeprefix('webapp/').removesuffix('.py')}" in told
    for one, other in pairwise(map(module_of, ACT)):
        assert imports().direct_import_exists(importer=one, imported=other), (one, other)
