"""Rankings, proposals, introductions, check-ins and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "rankings",
    "proposals",
    "introductions",
    "checkins",
    "messages",
)


def upgrade() -> None:
    """Make the tables."""
    _rankings()
    _proposals()
    _introductions()
    _checkins()
    _messages()


def downgrade() -> None:
    """Drop the tables, the last made first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _rankings() -> None:
    op.create_table(
        "rankings",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("weights", sa.String(length=40), nullable=False),
        sa.Column("fit", sa.String(length=16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_rankings_made_by_users")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_rankings_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
    )
    op.create_index(op.f("ix_rankings_request_id"), "rankings", ["request_id"])


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("grains", sa.Integer(), nullable=False),
        sa.Column("override", sa.String(length=40), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("her_order", sa.Integer(), nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('drafted', 'reviewed', 'shown', 'chosen', 'offered', "
            "'accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_proposals_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_proposals_approved_by_users")),
        sa.ForeignKeyConstraint(["ranking_id"], ["rankings.id"], name=op.f("fk_proposals_ranking_id_rankings")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_proposals_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_proposals_supporter_id_supporters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_expires_at"), "proposals", ["expires_at"])
    op.create_index(op.f("ix_proposals_request_id"), "proposals", ["request_id"])
    op.create_index(op.f("ix_proposals_state"), "proposals", ["state"])
    op.create_index(op.f("ix_proposals_supporter_id"), "proposals", ["supporter_id"])
    live = sa.text("state IN ('offered')")
    op.create_index(
        "one_offer_at_a_time", "proposals", ["request_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


def _introductions() -> None:
    op.create_table(
        "introductions",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("introduced_at", MOMENT, nullable=False),
        sa.Column("first_contact_by", MOMENT, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('introduced', 'in contact', 'paused', 'ending', 'ended')",
            name=op.f("ck_introductions_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_introductions_proposal_id_proposals")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_introductions_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_introductions_supporter_id_supporters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_introductions_proposal_id")),
    )
    op.create_index(op.f("ix_introductions_request_id"), "introductions", ["request_id"])
    op.create_index(op.f("ix_introductions_state"), "introductions", ["state"])
    op.create_index(op.f("ix_introductions_supporter_id"), "introductions", ["supporter_id"])
    live = sa.text("state IN ('ending', 'in contact', 'introduced', 'paused')")
    op.create_index(
        "one_live_introduction_per_request",
        "introductions",
        ["request_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


def _checkins() -> None:
    op.create_table(
        "checkins",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('due', 'answered', 'skipped', 'missed')", name=op.f("ck_checkins_state_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name=op.f("fk_checkins_introduction_id_introductions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_checkins_settled_by_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_checkins_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sa.UniqueConstraint("introduction_id", "user_id", "due_on", name="one_checkin_a_day"),
    )
    op.create_index(op.f("ix_checkins_due_on"), "checkins", ["due_on"])
    op.create_index(op.f("ix_checkins_introduction_id"), "checkins", ["introduction_id"])
    op.create_index(op.f("ix_checkins_state"), "checkins", ["state"])
    op.create_index(op.f("ix_checkins_urgency"), "checkins", ["urgency"])
    op.create_index(op.f("ix_checkins_user_id"), "checkins", ["user_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("introduction_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name=op.f("fk_messages_introduction_id_introductions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name=op.f("fk_messages_sender_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_introduction_id"), "messages", ["introduction_id"])
