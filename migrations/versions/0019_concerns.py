"""Concerns with their entries, and holds of pairs."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    _make_concerns()
    _make_entries()
    _make_holds()


def _make_concerns() -> None:
    states = "'received', 'looked at', 'to close', 'closed'"
    op.create_table(
        "concerns",
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_concerns_state_is_known")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_concerns_by_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
    )
    op.create_index("concerns_of_a_person", "concerns", ["by_id", "raised_at"])


def _make_entries() -> None:
    op.create_table(
        "concern_entries",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_concern_entries_concern_id_concerns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_concern_entries_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_entries")),
        sa.UniqueConstraint("concern_id", "number", name="one_entry_a_number"),
    )


def _make_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("again_at", MOMENT, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name=op.f("fk_holds_introduction_id_introductions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(
        "one_open_hold_per_pair",
        "holds",
        ["introduction_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("holds_of_a_pair", "holds", ["introduction_id", "lifted_at"])
    op.create_index("holds_to_ask_about", "holds", ["again_at"])


def downgrade() -> None:
    """Take the tables away; a pair that is on hold stays so until a person lifts it."""
    for table in ("holds", "concern_entries", "concerns"):
        op.drop_table(table)
