"""`flask --app webapp doctor`: what is well, what to look at, what to do now; its exit status is for monitoring."""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp import clock
from webapp.commands import checks
from webapp.commands.checks import Finding, State
from webapp.extensions import db, only_reading

STATUS = {State.OK: 0, State.LOOK: 1, State.ACT: 2}
LONGEST_LOOK = "SET LOCAL statement_timeout = '5s'"
COLOURS = {State.OK: "green", State.LOOK: "yellow", State.ACT: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for a monitoring system.")
def doctor(as_json: bool) -> None:
    """Look whether this site is well. Exit status 0: all is well, 1: look at something, 2: act now."""
    found = [(part, finding) for part, look in checks.ALL.items() for finding in _look(part, look)]
    worst = max((finding.state for _, finding in found), key=lambda state: STATUS[state])
    if as_json:
        said = [{"part": part, **dataclasses.asdict(finding)} for part, finding in found]
        click.echo(json.dumps({"state": worst, "found": said}, indent=2))
    else:
        for part, finding in found:
            click.echo(_line(part, finding))
    sys.exit(STATUS[worst])


def _line(part: str, finding: Finding) -> str:
    state = click.style(f"{finding.state:<5}", fg=COLOURS[finding.state])
    todo = f"\n{'':14}{finding.remedy}" if finding.remedy else ""
    return f"{state} {part:<8}{finding.what}{todo}"


def _look(part: str, look: Callable[[Session, checks.Place], Iterator[Finding]]) -> list[Finding]:
    """Look at one part, in a session of its own: what fails there stops no other."""
    place = checks.Place(current_app.config["SETTINGS"], clock.now())
    try:
        with _reading() as session:
            return list(look(session, place)) or [Finding(State.OK, checks.WELL[part])]
    except Exception as error:  # the doctor says what it cannot look at
        what = f"cannot be looked at: {type(error).__name__}"
        return [Finding(State.ACT, what, "Is the database there, and has it been upgraded? See the lines around this.")]


@contextmanager
def _reading() -> Iterator[Session]:
    token = only_reading.set(True)
    try:
        with Session(db.engine) as session:
            if db.engine.dialect.name == "postgresql":
                session.execute(text(LONGEST_LOOK))
            yield session
    finally:
        only_reading.reset(token)
