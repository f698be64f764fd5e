"""What the README shows is what the commands print, and what it names is there."""

import re

import pytest

from tests.architecture.house import ROOT
from tests.architecture.readme_blocks import PAGE_OF, README, block, filled, printed

PAGE = README.read_text(encoding="utf-8")
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROMISES = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
MOST_WORDS = 900
"""A page that is read to its end; the rest is in docs/."""


def test_every_printed_block_is_what_the_command_prints():
    for name, text in printed().items():
        assert block(PAGE_OF[name].read_text(encoding="utf-8"), name) == text, (
            f"run python -m tests.architecture.readme_blocks ({name})"
        )


def test_an_altered_block_is_seen():
    altered = filled(PAGE, "demo:rank", "Something else.")
    assert block(altered, "demo:rank") != block(PAGE, "demo:rank")


def test_the_readme_is_short():
    assert len(PAGE.split()) <= MOST_WORDS


@pytest.mark.parametrize("document", [*sorted((ROOT / "docs").rglob("*.md")), README], ids=lambda path: path.name)
def test_every_link_of_the_docs_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


def test_every_path_of_a_test_in_the_docs_leads_somewhere():
    """But decisions: they keep the names of their day."""
    pages = [README, *(path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "decisions")]
    named = {path for page in pages for path in re.findall(r"\btests/[\w/]+\.py\b", page.read_text(encoding="utf-8"))}
    assert len(named) > 50
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_every_module_of_the_engine_is_on_the_map():
    tree = MAP[MAP.index("\nmatcher/ ") : MAP.index("\nwebapp/ ")]
    commands = re.findall(r"^python -m matcher (\w+)", (ROOT / "docs" / "command-line.md").read_text("utf-8"), re.M)
    named = {*re.findall(r"\w+", tree), *commands, "__init__", "__main__"}
    assert {path.stem for path in (ROOT / "matcher").rglob("*.py")} <= named


def test_every_test_that_the_promises_name_is_there():
    named = set(re.findall(r"(test_\w+\.py)", PROMISES))
    assert named <= {path.name for path in (ROOT / "tests").rglob("*.py")}
