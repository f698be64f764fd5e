"""Tasks of the desk with their clocks, who stands in for whom, closed files, and pairs that are on hold."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BEFORE = ("introduced", "in contact", "paused", "ending", "ended")
SINCE = ("introduced", "in contact", "paused", "on hold", "ending", "ended")
LIVE_INDEX, LIVE_COLUMNS = "one_live_introduction_per_request", ["request_id"]


def upgrade() -> None:
    """Make the tables, and let a pair be on hold."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name=op.f("fk_staff_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["users.id"], name=op.f("fk_staff_deputy_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_table(
        "closed_files",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["users.id"], name=op.f("fk_closed_files_staff_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["users.id"], name=op.f("fk_closed_files_about_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_files")),
        sa.UniqueConstraint("staff_id", "about_id", name="closed_once"),
    )
    op.create_index(op.f("ix_closed_files_about_id"), "closed_files", ["about_id"])
    _make_tasks()
    _let_states_be(SINCE)


def _make_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("introduction_id", sa.Uuid(), nullable=True),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("passed_on", sa.String(length=20), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("done_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("desk IN ('coordinators', 'approver')", name=op.f("ck_tasks_desk_is_known")),
        sa.CheckConstraint("passed_on IN ('nobody', 'deputy', 'approver')", name=op.f("ck_tasks_passed_on_is_known")),
        sa.ForeignKeyConstraint(["about_id"], ["users.id"], name=op.f("fk_tasks_about_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name=op.f("fk_tasks_introduction_id_introductions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_tasks_owner_id_users")),
        sa.ForeignKeyConstraint(["done_by"], ["users.id"], name=op.f("fk_tasks_done_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("tasks_in_a_queue", "tasks", ["desk", "done_at", "opened_at", "id"])
    op.create_index("tasks_about_somebody", "tasks", ["about_id", "done_at"])
    op.create_index(op.f("ix_tasks_introduction_id"), "tasks", ["introduction_id"])
    op.create_index(op.f("ix_tasks_owner_id"), "tasks", ["owner_id"])


def downgrade() -> None:
    """Take the tables away; a pair that is on hold counts as paused."""
    op.execute("UPDATE introductions SET state = 'paused' WHERE state = 'on hold'")
    _let_states_be(BEFORE)
    for table in ("tasks", "closed_files", "staff"):
        op.drop_table(table)


def _let_states_be(states: tuple[str, ...]) -> None:
    live = sa.text(f"state IN ({', '.join(repr(state) for state in sorted(set(states) - {'ended'}))})")
    op.drop_index(LIVE_INDEX, table_name="introductions")
    with op.batch_alter_table("introductions") as table:
        table.drop_constraint(op.f("ck_introductions_state_is_known"), type_="check")
        listed = ", ".join(repr(state) for state in states)
        table.create_check_constraint(op.f("ck_introductions_state_is_known"), f"state IN ({listed})")
    op.create_index(LIVE_INDEX, "introductions", LIVE_COLUMNS, unique=True, sqlite_where=live, postgresql_where=live)
