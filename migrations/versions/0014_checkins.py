"""Check-ins that somebody must look at become tasks with a clock."""

import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.crypto import keyring
from webapp.crypto.padding import pad

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHECKINS = sa.table(
    "checkins", sa.column("id", sa.Uuid()), sa.column("user_id", sa.Uuid()), sa.column("introduction_id", sa.Uuid()),
    sa.column("needs_look", sa.Boolean()),
)  # fmt: skip
TASKS = sa.table(
    "tasks", sa.column("id", sa.Uuid()), sa.column("about_id", sa.Uuid()), sa.column("introduction_id", sa.Uuid()),
    sa.column("desk", sa.String()), sa.column("passed_on", sa.String()), sa.column("opened_at", MOMENT),
    sa.column("done_at", MOMENT), sa.column("said_sealed", sa.LargeBinary()),
)  # fmt: skip
QUEUE = ["needs_look", "answered_at", "id", "introduction_id"]


def upgrade() -> None:
    """Lay each on the desk as a task that is due within a day, and drop the former marks."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(CHECKINS).where(CHECKINS.c.needs_look)).all():
        connection.execute(TASKS.insert().values(**_task(row)))
    op.drop_index("checkins_in_a_queue", table_name="checkins")
    with op.batch_alter_table("checkins") as table:
        table.drop_constraint(op.f("fk_checkins_settled_by_users"), type_="foreignkey")
        for column in ("needs_look", "settled_at", "settled_by"):
            table.drop_column(column)
    op.create_index("checkins_by_their_day", "checkins", ["state", "kind", "due_on", "id"])


def _task(row: Any) -> dict[str, Any]:
    task, now = _id_of(row.id), datetime.now(UTC)
    said = {"kind": "check-in", "thing": str(row.id), "due_at": (now + timedelta(days=1)).isoformat()}
    sealed = keyring.ring().encrypt(pad(json.dumps(said).encode(), 256), f"tasks.said|{task}|{row.user_id}")
    return {
        "id": task, "about_id": row.user_id, "introduction_id": row.introduction_id, "desk": "coordinators",
        "passed_on": "nobody", "opened_at": now, "said_sealed": sealed,
    }  # fmt: skip


def _id_of(checkin: uuid.UUID) -> uuid.UUID:
    said = f"check-in|{checkin}|0".encode()
    return uuid.UUID(bytes=hmac.new(keyring.ring().derive("tasks"), said, hashlib.sha256).digest()[:16], version=4)


def downgrade() -> None:
    """Put the marks back: whatever is open as a task needs a look."""
    op.drop_index("checkins_by_their_day", table_name="checkins")
    with op.batch_alter_table("checkins") as table:
        table.add_column(sa.Column("needs_look", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("settled_at", MOMENT, nullable=True))
        table.add_column(sa.Column("settled_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_checkins_settled_by_users"), "users", ["settled_by"], ["id"])
    op.create_index("checkins_in_a_queue", "checkins", QUEUE)
    _mark_what_is_open()


def _mark_what_is_open() -> None:
    connection = op.get_bind()
    still = set(connection.scalars(sa.select(TASKS.c.id).where(TASKS.c.done_at.is_(None))))
    for checkin in list(connection.scalars(sa.select(CHECKINS.c.id))):
        if _id_of(checkin) in still:
            connection.execute(CHECKINS.update().where(CHECKINS.c.id == checkin).values(needs_look=True))
