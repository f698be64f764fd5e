"""Every subject is found by its name, and every module says first what lives there."""

import ast
import subprocess
from pathlib import Path

from tests.architecture.house import ROOT, python_files

TOP = {
    *(".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "pyproject.toml", "setup.cfg"),
    *("benchmarks", "docs", "matcher", "migrations", "requirements", "seeds", "tests", "webapp"),
}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
LONGEST_OPENING = 5
MACHINE_PATHS = tuple("/" + folder + "/" for folder in ("work", "root", "home"))


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def opening_of(source: str) -> str:
    return ast.get_docstring(ast.parse(source)) or ""


def test_the_top_of_the_house_holds_only_what_the_design_names():
    assert {name.split("/")[0] for name in tracked_files()} <= TOP


def test_no_module_has_a_name_that_says_nothing():
    assert [path.name for path in python_files() if path.stem in NAMELESS] == []


def test_every_module_opens_with_one_to_five_lines():
    openings = {path: opening_of(path.read_text(encoding="utf-8")) for path in python_files()}
    assert [
        str(path) for path, opening in openings.items() if not 1 <= len(opening.splitlines()) <= LONGEST_OPENING
    ] == []


def test_a_module_without_an_opening_is_seen():
    assert opening_of("import os\n") == ""


def test_proofs_of_the_engine_stand_in_folders_with_the_names_of_its_packages():
    packages = {path.parent.name for path in (ROOT / "matcher").glob("*/__init__.py")}
    folders = {path.parent.name for path in (ROOT / "tests" / "matcher").glob("*/*.*")}
    assert folders - {"__pycache__"} <= packages | {"oracles", "worlds", "expected"}


def test_setup_cfg_is_the_one_configuration_file():
    stray = {".flake8", "mypy.ini", "pytest.ini", "tox.ini", ".coveragerc", ".importlinter", "setup.py"}
    assert stray & {path.name for path in ROOT.iterdir()} == set()
    tables = [line for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("[")]
    assert all(table.startswith(("[build-system", "[tool.ruff")) for table in tables)


def test_no_file_names_a_path_of_a_machine_or_the_host_of_a_registry():
    texts = {name: (ROOT / name).read_bytes() for name in tracked_files() if (ROOT / name).is_file()}
    assert [name for name, text in texts.items() if any(p.encode() in text for p in MACHINE_PATHS)] == []
    locks = [name for name in texts if name.startswith("requirements/")]
    assert [name for name in locks if b"://" in texts[name]] == []


def test_every_locked_requirement_has_a_hash():
    for lock in (ROOT / "requirements").glob("*.txt"):
        lines = lock.read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if "==" in line]
        assert pins
        assert all("--hash=" in lines[number + 1] for number in pins), Path(lock).name
