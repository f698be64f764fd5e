"""A pause counts as no silence: when the last pause of a pair ended."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment; of pauses that ended before, none is known."""
    with op.batch_alter_table("introductions") as table:
        table.add_column(sa.Column("went_on_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("introductions") as table:
        table.drop_column("went_on_at")
