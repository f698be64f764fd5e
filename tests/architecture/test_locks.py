"""The locks hold what is installed asks for: each requirement with its extras, hashed, and no address of a registry."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

FOLDER = Path(__file__).parents[2] / "requirements"
LOCKS = ("base", "test")


def locked(name: str) -> dict[str, Requirement]:
    """Read a lock: each requirement by its plain name."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.partition(" \\")[0] for line in text.splitlines() if line and line[0] not in "# ")
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one for one in found}


def asked_for(one: Requirement) -> list[Requirement]:
    """What an installed package asks for on this machine, with the extras under which it is locked."""
    said = [Requirement(line) for line in distribution(one.name).requires or []]
    wanted = ("", *one.extras)
    return [each for each in said if each.marker is None or any(holds(each, extra) for extra in wanted)]


def holds(one: Requirement, extra: str) -> bool:
    return one.marker is not None and one.marker.evaluate({**default_environment(), "extra": extra})  # type: ignore[dict-item]


def installed(name: str) -> list[Requirement]:
    return [one for one in locked(name).values() if one.marker is None or one.marker.evaluate()]


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_locked_is_installed_in_that_version(name):
    wrong = []
    for one in installed(name):
        try:
            has = distribution(one.name).version
        except PackageNotFoundError:
            has = "nothing"
        if has == "nothing" or not one.specifier.contains(Version(has), prereleases=True):
            wrong.append(f"{one}: {has}")
    assert wrong == []


@pytest.mark.parametrize("name", LOCKS)
def test_what_a_package_asks_for_is_locked_with_its_extras(name):
    lock = locked(name)
    missing = []
    for one in installed(name):
        for asked in asked_for(one):
            pinned = lock.get(canonicalize_name(asked.name))
            if pinned is None or not asked.extras <= pinned.extras:
                missing.append(f"{one.name} asks for {asked}; locked is {pinned}")
    assert missing == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_every_line_is_pinned_and_hashed_and_names_no_registry(path):
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert "://" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_what_we_ask_for_is_in_the_lock(name):
    lock = locked(name)
    for line in (FOLDER / f"{name}.in").read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#-":
            asked = Requirement(line)
            pinned = lock[canonicalize_name(asked.name)]
            assert asked.extras <= pinned.extras


def test_the_extras_that_broke_an_older_pip_are_there():
    assert "toml" in locked("test")["coverage"].extras
