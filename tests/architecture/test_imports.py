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


@pytest.mark.parametrize(
    ("module", "stray"),
    [("availability.py", "import flask"), ("availability.py", "from matcher.ranking import roster"), ("stray.py", "")],
)
def test_a_stray_import_or_module_breaks_a_contract(tmp_path, module, stray):
    shutil.copytree(ROOT / "matcher", tmp_path / "matcher", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    with (tmp_path / "matcher" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{stray}\n")
    assert lint(tmp_path).returncode != 0


def test_the_layers_name_every_module_of_the_engine():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    named = config["importlinter:contract:engine-layers"]["layers"].replace("|", " ").split()
    modules = [p.stem for p in (ROOT / "matcher").glob("*.py") if p.stem != "__init__"]
    packages = [p.parent.name for p in (ROOT / "matcher").glob("*/__init__.py")]
    assert sorted(named) == sorted([*modules, *packages])
