"""The command line's streams: pipes that close, terminals, full disks, none at all."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matcher.worlds.commands import (
    ROOT,
    given,
    inside,
    process,
    write_programme,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme(tmp_path_factory.mktemp("programme"))


def test_a_pipe_that_closes_early_is_no_fault(folder: Path) -> None:
    said = process(*given(folder, "rank", "--top", "1"), shell='| head -1; exit "${PIPESTATUS[0]}"')
    assert said.code == 0
    assert not [line for line in said.err.splitlines() if not line.endswith(" s")]
    assert said.out.startswith("Request r1")
    assert said.out.count("\n") == 1


def test_progress_shows_on_a_terminal_alone(folder: Path) -> None:
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "matcher", *given(folder, "rank", "--format", "csv")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=other_end, check=True)
    os.close(other_end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert "\r[##########                    ] 1 of 3" in shown
    assert f"\r[{'#' * 30}] 3 of 3" in shown
    assert done.stdout.decode() == inside(*given(folder, "rank", "--format", "csv")).out


BROKEN = {
    "a full disk": ("rank", ">/dev/full", {1}),
    "no stderr": ("rank", "2>&-", {0}),
    "no stdout": ("check", ">&-", {0, 1}),
    "a name that is no text": ("check", r"--offers $'\xff.csv'", {1}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_no_state_of_the_machine_gives_a_traceback(folder: Path, name: str) -> None:
    command, shell, codes = BROKEN[name]
    said = process(*given(folder, command), shell=shell)
    assert "Traceback" not in said.err
    assert said.code in codes
    assert said.out == (inside(*given(folder, command)).out if name == "no stderr" else "")
