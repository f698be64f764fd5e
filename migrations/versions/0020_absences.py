"""Supporters who are away: since when, until when, and when she was last back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a supporter's break."""
    with op.batch_alter_table("supporters") as table:
        table.add_column(sa.Column("away_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back; whoever is on a break stays on it, without a day."""
    with op.batch_alter_table("supporters") as table:
        for name in ("back_at", "away_until", "away_since"):
            table.drop_column(name)
