"""Supporters who are away, and who covers for them: a table of covers, and conversations that point to a pair."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LIVE = "state IN ('ending', 'in contact', 'introduced', 'on hold', 'paused')"
ONE_PAIR, ONE_COVER = "one_live_introduction_per_request", "one_live_cover_per_request"
STATES = (
    "'named', 'shown', 'offered', 'active', 'passed by', 'taken back', 'declined', 'expired', 'fell away', "
    "'withdrawn', 'parted', 'over'"
)
OPEN = "state IN ('active', 'named', 'offered', 'shown')"
COVERS = "SELECT id FROM introductions WHERE covers_id IS NOT NULL"
OF_A_PAIR = (
    "talk_logs", "meetings", "messages", "agreements", "pair_views", "contact_details", "checkins", "holds", "tasks",
)  # fmt: skip
"""What hangs on a pair, those first that point to others of them."""


def upgrade() -> None:
    """Add a supporter's break, let an introduction be the conversation of a cover, and make the table of covers."""
    with op.batch_alter_table("supporters") as table:
        table.add_column(sa.Column("away_since", MOMENT, nullable=True))
        table.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("back_at", MOMENT, nullable=True))
    op.drop_index(ONE_PAIR, table_name="introductions")
    with op.batch_alter_table("introductions") as table:
        table.add_column(sa.Column("covers_id", sa.Uuid(), nullable=True))
        table.alter_column("proposal_id", existing_type=sa.Uuid(), nullable=True)
        table.create_foreign_key(
            op.f("fk_introductions_covers_id_introductions"), "introductions", ["covers_id"], ["id"], ondelete="CASCADE"
        )
        table.create_check_constraint(
            op.f("ck_introductions_a_pair_or_a_cover"), "(proposal_id IS NULL) = (covers_id IS NOT NULL)"
        )
    op.create_index(op.f("ix_introductions_covers_id"), "introductions", ["covers_id"])
    _make_unique(ONE_PAIR, f"{LIVE} AND covers_id IS NULL", "introductions", "request_id")
    _make_unique(ONE_COVER, f"{LIVE} AND covers_id IS NOT NULL", "introductions", "request_id")
    _make_covers()


def _make_unique(name: str, which: str, table: str, column: str) -> None:
    where = sa.text(which)
    op.create_index(name, table, [column], unique=True, sqlite_where=where, postgresql_where=where)


def _make_covers() -> None:
    op.create_table(
        "covers",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("absent_since", MOMENT, nullable=True),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_covers_state_is_known")),
        sa.CheckConstraint("why IN ('break', 'silence')", name=op.f("ck_covers_why_is_known")),
        sa.CheckConstraint("state <> 'active' OR conversation_id IS NOT NULL", name=op.f("ck_covers_active_ones_talk")),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name=op.f("fk_covers_introduction_id_introductions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_covers_supporter_id_supporters"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["named_by"], ["users.id"], name=op.f("fk_covers_named_by_users")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["introductions.id"],
            name=op.f("fk_covers_conversation_id_introductions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_covers_conversation_id")),
    )
    op.create_index(op.f("ix_covers_introduction_id"), "covers", ["introduction_id"])
    op.create_index("covers_of_a_supporter", "covers", ["supporter_id", "state"])
    op.create_index("covers_by_state", "covers", ["state", "expires_at"])
    _make_unique("one_open_cover_per_pair", OPEN, "covers", "introduction_id")


def downgrade() -> None:
    """Take it back: conversations of covers end with their words, and their places are free again."""
    op.drop_table("covers")
    held = f"SELECT count(*) FROM introductions AS held WHERE held.supporter_id = supporters.id AND held.{LIVE}"  # noqa: S608
    op.execute(f"UPDATE supporters SET taken = taken - ({held} AND held.covers_id IS NOT NULL)")  # noqa: S608
    for table in OF_A_PAIR:
        op.execute(f"DELETE FROM {table} WHERE introduction_id IN ({COVERS})")  # noqa: S608
    op.execute("DELETE FROM introductions WHERE covers_id IS NOT NULL")
    op.drop_index(ONE_COVER, table_name="introductions")
    op.drop_index(ONE_PAIR, table_name="introductions")
    op.drop_index(op.f("ix_introductions_covers_id"), table_name="introductions")
    with op.batch_alter_table("introductions") as table:
        table.drop_constraint(op.f("ck_introductions_a_pair_or_a_cover"), type_="check")
        table.drop_constraint(op.f("fk_introductions_covers_id_introductions"), type_="foreignkey")
        table.alter_column("proposal_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("covers_id")
    _make_unique(ONE_PAIR, LIVE, "introductions", "request_id")
    with op.batch_alter_table("supporters") as table:
        for name in ("back_at", "away_until", "away_since"):
            table.drop_column(name)
