"""An audit that was chained without a key is chained anew with one, and says whether it was whole before."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import flask_migrate
import pytest
from sqlalchemy import select, text

from tests.reliability.migrations.test_migrations import NOW, bare
from webapp.extensions import db, transaction
from webapp.models import AuditRecord
from webapp.services.audit.checks import find_break

__all__ = ["bare"]
FIELDS = ("actor_id", "action", "thing", "thing_id", "about_id", "code")


def old_chain(count):
    """Write records as they were chained before there was a key."""
    previous = "0" * 64
    with transaction() as session:
        for number in range(1, count + 1):
            row = {"number": number, "at": NOW + timedelta(minutes=number), "actor_id": None, "action": "act"}
            row |= {"thing": "requests", "thing_id": uuid4(), "about_id": None, "code": None}
            said = {"number": str(number), "at": row["at"].isoformat(), **{name: str(row[name]) for name in FIELDS}}
            hashed = json.dumps([previous, said], sort_keys=True, ensure_ascii=False)
            previous = hashlib.sha256(hashed.encode()).hexdigest()
            session.execute(AuditRecord.__table__.insert().values(**row, hash=previous))


def hashes():
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT hash FROM audit_records ORDER BY number")).scalars().all()


@pytest.mark.parametrize("code", ["whole_before", "broken_before"])
def test_what_was_recorded_before_is_kept_and_keyed(bare, code):
    flask_migrate.upgrade(revision="0003")
    old_chain(5)
    if code == "broken_before":
        with transaction() as session:
            session.execute(text("UPDATE audit_records SET action = 'nothing' WHERE number = 3"))
    before = hashes()
    flask_migrate.upgrade()
    with transaction() as session:
        assert find_break(session) is None
        last = session.scalars(select(AuditRecord).order_by(AuditRecord.number.desc())).first()
        assert (last.number, last.action, last.code) == (6, "audit chained anew", code)
    assert set(hashes()).isdisjoint(before)
    flask_migrate.downgrade(revision="0003")
    if code == "whole_before":
        assert hashes()[:5] == before
