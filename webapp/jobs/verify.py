"""Check the chain of the audit and its anchors, daily and by `flask --app webapp verify-audit`.

What came of it is kept where the desk and the doctor can read it.
"""

import sys
from datetime import datetime, timedelta

import click
from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp import clock
from webapp.domain.access import VISITOR
from webapp.domain.audited import Act
from webapp.extensions import db, only_reading, transaction
from webapp.services import audit
from webapp.services.audit import anchors, checks
from webapp.services.audit.checks import Break, Kind

EVERY = timedelta(days=1)
WHAT = {
    Kind.CHANGED: "this record was changed, or put in, after it was written",
    Kind.MISSING: "this record is missing",
    Kind.CUT: "this record and all after it are missing",
    Kind.HEAD: "the row that says which record is the last was not written by this site",
    Kind.CHECKPOINT: "the checkpoint here, by which old records leave, was not made by this site",
    Kind.ANCHOR: "a line of the anchor file that names this record was not written by this site",
    Kind.REPLACED: "this is not the record that the anchor file names: the audit was rolled back or made anew",
}
TO_DO = """What to do: change nothing, and copy the database, the anchor file and the database's logs to another place.
Tell the person who answers for the programme. Compare with the last backup, from this record on. Whoever could write
to the database and is not this site did it: change who can. If you restored a backup on purpose, say so by
  flask --app webapp verify-audit --after-restore"""


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(verify_audit)


def run(now: datetime) -> int:
    """Check once; return how many breaks were found. A break is logged as an error."""
    found = _find_break()
    with transaction() as session:
        checks.keep_finding(session, found, now=now)
    return int(found is not None)


@click.command("verify-audit")
@click.option(
    "--after-restore", is_flag=True, help="Begin a new anchor file, because a backup was restored on purpose."
)
def verify_audit(after_restore: bool) -> None:
    """Check that no audit record was changed, removed or put in. Exit status 1 where one was."""
    if after_restore:
        _begin_anew()
    found = _find_break()
    with transaction() as session:
        checks.keep_finding(session, found, now=clock.now())
        last = audit.last_verification(session)
    if found is None:
        click.echo(f"The audit is whole: {last.last_number if last else 0} records, each follows the one before.")
        return
    click.echo(f"The audit is broken at record {found.number} ({found.kind}): {WHAT[found.kind]}.\n{TO_DO}")
    sys.exit(1)


def _find_break() -> Break | None:
    """Check in a transaction that only reads, so that nobody waits for it."""
    known = anchors.read(current_app.config["SETTINGS"].anchor_file)
    promised = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            return checks.find_break(session, known)
    finally:
        only_reading.reset(promised)


def _begin_anew() -> None:
    """Put the old anchors aside, record that, and write the first new one."""
    path, now = current_app.config["SETTINGS"].anchor_file, clock.now()
    kept = anchors.begin_anew(path, now=now)
    with transaction() as session:
        audit.record_by_name(session, VISITOR, Act.AUDIT_ANCHORED_ANEW, "audit_heads", at=now)
    with transaction() as session:
        anchors.write(session, path, now=now)
    click.echo(f"The old anchors are kept in {kept}." if kept else "There was no anchor file.")
