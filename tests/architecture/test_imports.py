"""Who may import whom, by import-linter from setup.cfg, and that its contracts can fail."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_every_import_contract_is_kept():
    said = lint(ROOT)
    assert said.returncode == 0, said.stdout + said.stderr


STRAYS = {
    "The engine knows nothing of the web or the database": ("matcher/text.py", "import flask"),
    "Inside the engine, each room knows only the rooms below it": (
        "matcher/availability.py",
        "from matcher.ranking import roster",
    ),
    "No command imports another": ("matcher/cli/rank.py", "from matcher.cli import check"),
    "Nothing inside the engine goes through its front door": ("matcher/cli/rank.py", "from matcher import Need"),
    "Nobody imports the compiled backend: backends loads it by name at run time": (
        "matcher/reports/rounds.py",
        "from matcher._compiled import bits",
    ),
    "Programs are for the compiled backend, and for those who hand them to it": (
        "matcher/rounds/waiting.py",
        "from matcher.ranking import compiler",
    ),
    "Only the delivery calls a way out of the site": (
        "webapp/services/checkins.py",
        "from webapp.services.notices.channels import smtp",
    ),
    "One module speaks to a mail server, and none to any other": ("webapp/jobs/remind.py", "import smtplib"),
    "The site imports matcher itself and nothing inside it": (
        "webapp/services/matching.py",
        "from matcher.people import Person",
    ),
}


def house_with(folder: Path, module: str, stray: str) -> subprocess.CompletedProcess[str]:
    """Lint a copy of the house in which one module has a line more."""
    for room in ("matcher", "webapp", "seeds"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "setup.cfg", folder)
    with (folder / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{stray}\n")
    return lint(folder)


@pytest.mark.parametrize(("contract", "module", "stray"), [(name, *stray) for name, stray in STRAYS.items()])
def test_a_stray_import_breaks_its_contract(tmp_path, contract, module, stray):
    said = house_with(tmp_path, module, stray)
    assert said.returncode != 0
    assert f"{contract} BROKEN" in " ".join(said.stdout.split())


def test_a_module_that_no_layer_names_is_seen(tmp_path):
    said = house_with(tmp_path, "matcher/stray.py", "")
    assert said.returncode != 0
    assert "stray" in said.stdout


def test_a_copy_without_a_stray_line_keeps_every_contract(tmp_path):
    assert house_with(tmp_path, "matcher/text.py", "").returncode == 0


def test_the_layers_name_every_module_of_the_engine():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    named = config["importlinter:contract:engine-layers"]["layers"].replace("|", " ").split()
    modules = [p.stem for p in (ROOT / "matcher").glob("*.py") if p.stem != "__init__"]
    packages = [p.parent.name for p in (ROOT / "matcher").glob("*/__init__.py")]
    assert sorted(named) == sorted([*modules, *packages])
