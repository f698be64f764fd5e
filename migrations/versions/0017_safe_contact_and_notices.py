"""How a woman may be reached, where notices to others go, and how far each notice has come."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "('ready', 'sent', 'spread', 'refused', 'stale', 'cancelled', 'failed', 'given up')"


def upgrade() -> None:
    """Make both tables, and give the outbox what a sender writes down."""
    _make_safe_contacts()
    _make_notice_addresses()
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("not_before", MOMENT, nullable=True))
        table.add_column(sa.Column("settled_at", MOMENT, nullable=True))
        table.add_column(sa.Column("code", sa.String(length=40), nullable=True))
        table.create_check_constraint(op.f("ck_outbox_state_is_known"), f"state IN {STATES}")
    op.create_index("outbox_to_send", "outbox", ["state", "to_user_id", "due_at"])
    op.create_index("outbox_of_a_person", "outbox", ["to_user_id", "settled_at"])


def _make_safe_contacts() -> None:
    op.create_table(
        "safe_contacts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("valid_until", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_safe_contacts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_contacts")),
        sa.UniqueConstraint("user_id", name=op.f("uq_safe_contacts_user_id")),
    )
    op.create_index(op.f("ix_safe_contacts_valid_until"), "safe_contacts", ["valid_until"])


def _make_notice_addresses() -> None:
    op.create_table(
        "notice_addresses",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notice_addresses_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_addresses")),
        sa.UniqueConstraint("user_id", name=op.f("uq_notice_addresses_user_id")),
    )


def downgrade() -> None:
    """Take it all away."""
    op.drop_index("outbox_of_a_person", "outbox")
    op.drop_index("outbox_to_send", "outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("ck_outbox_state_is_known"), type_="check")
        for column in ("code", "settled_at", "not_before"):
            table.drop_column(column)
    op.drop_table("notice_addresses")
    op.drop_table("safe_contacts")
