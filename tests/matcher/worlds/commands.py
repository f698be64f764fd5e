"""Running the command line for tests: a small waiting list in a folder, a real process, or main in this process."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from matcher.cli.main import main
from tests.matcher.worlds.small_programme import QUESTIONS, WEIGHTS, request, sheet, supporter, write

ROOT = Path(__file__).parents[3]
SHOUTED = re.compile(r"\b[A-Z]{2,}(?:, | )[A-Z]{2,}\b|\bXX|XX\b")
ON = ("--on", "2026-11-23")
BERTHA = supporter(
    id="bertha", topics="alcohol; moving", faith="cedar", pastimes="music", town="Perth", status="active"
)
KEPT = {"trained_until": "2027-01-01", "capacity": "2", "load": "0", "strain": "0.1", "last_matched": "2026-05-01"}
OFFERS = [
    {**BERTHA, **KEPT, "card": "-", "not_now": "-"},
    {**BERTHA, **KEPT, "id": "anna", "card": "show_topics; show_faith"},
    {**BERTHA, **KEPT, "id": "zoe", "load": "1", "stage": "starting", "faith": "river"},
    {**BERTHA, **KEPT, "id": "full", "load": "2"},
    {**BERTHA, **KEPT, "id": "late", "trained_until": "2026-11-22"},
    {**BERTHA, **KEPT, "id": "away", "status": "on a break", "tongues": "french"},
    {**BERTHA, **KEPT, "id": "london", "time_zone": "Europe/London", "hours": "Mon 22:00-23:00"},
]
NEEDS = [
    request(id="r2", topics="grief; moving", waiting_since="2026-11-02", wants="near=nice"),
    request(id="r1", waiting_since="2026-10-01", pastimes="books", faith="cedar", wants="same_faith=nice; near=nice"),
    request(id="r3", waiting_since="", tongues="ojibwe", never="anna"),
]


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str
    notes: str = ""

    @property
    def json(self) -> Any:
        """Read what was said as one JSON document, its decimals exactly."""
        return json.loads(self.out, parse_float=Decimal)


def write_programme(folder: Path, questions: str = QUESTIONS) -> Path:
    """Write all four files into a folder."""
    write(folder, "q.toml", questions)
    write(folder, "w.toml", WEIGHTS)
    write_people(folder)
    return folder


def write_people(folder: Path, offers: list[dict[str, str]] = OFFERS, needs: list[dict[str, str]] = NEEDS) -> None:
    """Write the two sheets."""
    write(folder, "offers.csv", sheet(*offers))
    write(folder, "needs.csv", sheet(*needs))


def given(folder: Path, command: str, *more: str) -> list[str]:
    """Give the arguments of a command with all four files, the default date first."""
    files = {"questionnaire": "q.toml", "weights": "w.toml", "offers": "offers.csv", "needs": "needs.csv"}
    named = [part for option, name in files.items() for part in (f"--{option}", str(folder / name))]
    return [command, *named, *ON, *more]


def inside(*arguments: str) -> Said:
    """Run a command in this process: an exception that escapes is a traceback that a user would see."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    return said(code, out.getvalue(), err.getvalue())


@cache
def process(*arguments: str, shell: str = "", **environment: str) -> Said:
    """Run `python -m matcher` as a process of its own, as a shell would where redirections are given."""
    command: list[str] = [sys.executable, "-m", "matcher", *arguments]
    if shell:
        command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env={**os.environ, **environment})
    return said(done.returncode, done.stdout.decode(), done.stderr.decode())


def said(code: int, out: str, err: str) -> Said:
    """Keep notes apart from everything else on stderr."""
    lines = err.splitlines(keepends=True)
    told = [line for line in lines if not line.startswith(("usage:", " "))]
    assert not any(SHOUTED.search(line) for line in told), err
    notes = [line for line in lines if line.startswith("note: ")]
    return Said(code, out, "".join(line for line in lines if line not in notes), "".join(notes))
