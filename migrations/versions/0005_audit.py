"""The audit is keyed: the chain is made anew with the key of this installation, and the database refuses changes.

What was there is checked first by its old, unkeyed hashes; a record says whether it was whole. The keys are loaded,
because migrations run inside the site.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from webapp.crypto import chain

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FIELDS = ("actor_id", "action", "thing", "thing_id", "about_id", "code")
RECORDS = sa.table(
    "audit_records",
    sa.column("number", sa.Integer()),
    sa.column("at", MOMENT),
    *(sa.column(name, sa.Uuid() if name.endswith("_id") else sa.String()) for name in FIELDS),
    sa.column("hash", sa.String()),
)
HEADS = sa.table(
    "audit_heads",
    *(sa.column(name, sa.Integer()) for name in ("id", "number")),
    *(sa.column(name, sa.String()) for name in ("hash", "mark")),
)

REFUSED = "the audit is append-only"
SQLITE = (
    "CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    "CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records"
    " WHEN OLD.number > (SELECT coalesce(max(number), 0) FROM audit_checkpoints)"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    f"CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    "CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    "CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
)
POSTGRESQL = (
    f"CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
    "CREATE FUNCTION audit_refuses_unless_checked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF OLD.number > (SELECT coalesce(max(number), 0) FROM audit_checkpoints) THEN"
    " RAISE EXCEPTION 'the audit is append-only'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuses_unless_checked()",
    "CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_checkpoints_no_change BEFORE UPDATE OR DELETE ON audit_checkpoints"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION audit_refuses()"
        for table in ("audit_records", "audit_heads", "audit_checkpoints")
    ),
)


def upgrade() -> None:
    """Make the tables, chain what is there with the key, then let the database refuse changes."""
    _make_tables()
    was_whole = _follows(_old_link)
    number, hash_ = _rechain(chain.link)
    if number:
        _say_that_it_was_chained_anew(number, hash_, "whole_before" if was_whole else "broken_before")
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the triggers and tables away, and chain what is there without a key, as it was."""
    for name in ("audit_records_no_update", "audit_records_no_delete"):
        op.execute(f"DROP TRIGGER {name}" + ("" if _is_sqlite() else " ON audit_records"))
    if not _is_sqlite():
        op.execute("DROP TRIGGER audit_records_no_truncate ON audit_records")
    for table in ("wrong_tries", "audit_verifications", "audit_checkpoints", "audit_heads"):
        op.drop_table(table)
    if not _is_sqlite():
        op.execute("DROP FUNCTION audit_refuses()")
        op.execute("DROP FUNCTION audit_refuses_unless_checked()")
    _rechain(_old_link)


def _make_tables() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_verifications",
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("break_at", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_verifications")),
    )
    op.create_table(
        "wrong_tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wrong_tries")),
    )
    op.create_index(op.f("ix_audit_verifications_at"), "audit_verifications", ["at"])


def _follows(link: Callable[[str, dict[str, str]], str]) -> bool:
    previous = chain.START
    for row in _records():
        if link(previous, _said(row)) != row.hash:
            return False
        previous = row.hash
    return True


def _rechain(link: Callable[[str, dict[str, str]], str]) -> tuple[int, str]:
    """Give every record its hash anew; return the number and hash of the last."""
    number, previous = 0, chain.START
    for row in _records():
        number, previous = row.number, link(previous, _said(row))
        op.get_bind().execute(RECORDS.update().where(RECORDS.c.number == number).values(hash=previous))
    return number, previous


def _records() -> Sequence[sa.Row]:
    return op.get_bind().execute(sa.select(RECORDS).order_by(RECORDS.c.number)).all()


def _said(row: sa.Row) -> dict[str, str]:
    at = row.at.astimezone(UTC) if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    return {"number": str(row.number), "at": at.isoformat(), **{name: str(getattr(row, name)) for name in FIELDS}}


def _old_link(previous: str, record: dict[str, str]) -> str:
    said = json.dumps([previous, record], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _say_that_it_was_chained_anew(number: int, previous: str, code: str) -> None:
    values = {"number": number + 1, "at": datetime.now(UTC), "action": "audit chained anew", "thing": "audit_records"}
    values |= {"actor_id": None, "thing_id": None, "about_id": None, "code": code}
    said = {"number": str(number + 1), "at": values["at"].isoformat(), **{name: str(values[name]) for name in FIELDS}}
    values["hash"] = chain.link(previous, said)
    op.get_bind().execute(RECORDS.insert().values(**values))
    mark = chain.mark("head", number=number + 1, hash=values["hash"])
    op.get_bind().execute(HEADS.insert().values(id=1, number=number + 1, hash=values["hash"], mark=mark))


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
