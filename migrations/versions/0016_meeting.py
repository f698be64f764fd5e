"""Ways to reach each other, times to talk, what came of them, agreements, and how each wants the page of a pair."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PAIR = ("introduction_id", "introductions", "CASCADE")
STATES = "state IN ('proposed', 'accepted', 'declined', 'taken back', 'called off')"


def upgrade() -> None:
    """Make the tables, and let a pair's room be made anew."""
    with op.batch_alter_table("introductions") as table:
        table.add_column(sa.Column("room_turn", sa.Integer(), nullable=False, server_default="0"))
    _details()
    _meetings()
    _talks()
    _agreements()
    _views()


def downgrade() -> None:
    """Drop the tables and the column; what the two said of their talks is gone with them."""
    for name in ("pair_views", "agreements", "talk_logs", "meetings", "contact_details"):
        op.drop_table(name)
    with op.batch_alter_table("introductions") as table:
        table.drop_column("room_turn")


def _points_to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _details() -> None:
    op.create_table(
        "contact_details",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _points_to("contact_details", *PAIR),
        _points_to("contact_details", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_details")),
    )
    op.create_index("details_of_a_pair", "contact_details", ["introduction_id", "user_id"])


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("how_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_meetings_state_is_known")),
        _points_to("meetings", *PAIR),
        _points_to("meetings", "proposed_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index("meetings_of_a_pair", "meetings", ["introduction_id", "starts_at", "state"])


def _talks() -> None:
    op.create_table(
        "talk_logs",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _points_to("talk_logs", *PAIR),
        _points_to("talk_logs", "user_id", "users"),
        _points_to("talk_logs", "meeting_id", "meetings", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_logs")),
        sa.UniqueConstraint("meeting_id", "user_id", name="one_word_of_each_on_a_meeting"),
    )
    alone = sa.text("meeting_id IS NULL")
    op.create_index(
        "one_word_of_each_on_a_day",
        "talk_logs",
        ["introduction_id", "user_id", "on_day"],
        unique=True,
        sqlite_where=alone,
        postgresql_where=alone,
    )
    op.create_index("talks_of_a_pair", "talk_logs", ["introduction_id", "on_day", "said_at"])


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _points_to("agreements", *PAIR),
        _points_to("agreements", "proposed_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    op.create_index("agreements_of_a_pair", "agreements", ["introduction_id", "proposed_at"])


def _views() -> None:
    op.create_table(
        "pair_views",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("wishes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _points_to("pair_views", *PAIR),
        _points_to("pair_views", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_views")),
        sa.UniqueConstraint("introduction_id", "user_id", name="one_view_of_each"),
    )
