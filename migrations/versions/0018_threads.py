"""Threads of the staff with one person, tasks that pass on, and one clock for whoever waits."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CLOCK = "requests_by_their_clock"
SINCE_SHE_SENT = """
    UPDATE requests SET looking_since = waiting_since WHERE waiting_since IS NOT NULL
"""
FELL_AWAY_LATER = """
    UPDATE requests SET looking_since = (SELECT max(ended_at) FROM proposals WHERE request_id = requests.id)
    WHERE waiting_since < (SELECT max(ended_at) FROM proposals WHERE request_id = requests.id)
"""


def upgrade() -> None:
    """Make the tables and columns; whoever waits has been looked for since she sent, or since people fell away."""
    _make_threads()
    op.add_column("tasks", sa.Column("moved_at", MOMENT, nullable=True))
    op.add_column("requests", sa.Column("looking_since", MOMENT, nullable=True))
    op.add_column("requests", sa.Column("look_again_on", sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("look_again_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(CLOCK, "requests", ["state", "looking_since", "id", "user_id"])
    for statement in (SINCE_SHE_SENT, FELL_AWAY_LATER):
        op.execute(statement)


def _make_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name=op.f("fk_threads_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_threads_task_id_tasks"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_task_id"), "threads", ["task_id"])
    op.create_table(
        "thread_words",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_words_thread_id_threads"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name=op.f("fk_thread_words_sender_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_words")),
    )
    op.create_index("words_of_a_thread", "thread_words", ["thread_id", "sent_at", "id"])


def downgrade() -> None:
    """Take the tables and columns away."""
    op.drop_index(CLOCK, table_name="requests")
    for table, column in (
        ("requests", "look_again_sealed"),
        ("requests", "look_again_on"),
        ("requests", "looking_since"),
        ("tasks", "moved_at"),
    ):
        op.drop_column(table, column)
    for table in ("thread_words", "threads"):
        op.drop_table(table)
