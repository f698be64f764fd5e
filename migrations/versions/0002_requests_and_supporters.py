"""Requests and supporters, with their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "requests",
    "request_answers",
    "supporters",
    "supporter_answers",
)


def upgrade() -> None:
    """Make the tables."""
    _requests()
    _request_answers()
    _supporters()
    _supporter_answers()


def downgrade() -> None:
    """Drop the tables, the last made first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("questionnaire", sa.String(length=80), nullable=False),
        sa.Column("questionnaire_version", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'proposed', 'matched', 'paused', 'withdrawn', 'closed')",
            name=op.f("ck_requests_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_requests_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_state"), "requests", ["state"])
    op.create_index(op.f("ix_requests_waiting_since"), "requests", ["waiting_since"])
    live = sa.text("state IN ('draft', 'matched', 'paused', 'proposed', 'waiting')")
    op.create_index("one_open_request", "requests", ["user_id"], unique=True, sqlite_where=live, postgresql_where=live)


def _request_answers() -> None:
    op.create_table(
        "request_answers",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_answers_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_answers")),
        sa.UniqueConstraint("request_id", "question", name="one_answer_per_question_of_a_request"),
    )
    op.create_index(op.f("ix_request_answers_request_id"), "request_answers", ["request_id"])


def _supporters() -> None:
    op.create_table(
        "supporters",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("strain", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("trained_until", sa.Date(), nullable=True),
        sa.Column("cleared_until", sa.Date(), nullable=True),
        sa.Column("agreed_until", sa.Date(), nullable=True),
        sa.Column("supervised_until", sa.Date(), nullable=True),
        sa.Column("last_matched", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'in training', 'cleared', 'active', 'on a break', 'left')",
            name=op.f("ck_supporters_state_is_known"),
        ),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_supporters_never_more_than_she_can_hold")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_supporters_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporters")),
        sa.UniqueConstraint("user_id", name=op.f("uq_supporters_user_id")),
    )
    op.create_index(op.f("ix_supporters_state"), "supporters", ["state"])


def _supporter_answers() -> None:
    op.create_table(
        "supporter_answers",
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_supporter_answers_supporter_id_supporters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter_answers")),
        sa.UniqueConstraint("supporter_id", "question", name="one_answer_per_question_of_a_supporter"),
    )
    op.create_index(op.f("ix_supporter_answers_supporter_id"), "supporter_answers", ["supporter_id"])
