"""A sign-in between its two steps needs no mark of the passphrase: whatever changes a lock deletes it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the column, with what waits for five minutes at most."""
    op.execute("DELETE FROM pending_sign_ins")
    with op.batch_alter_table("pending_sign_ins") as table:
        table.drop_column("passphrase_mark")


def downgrade() -> None:
    """Bring the column back, empty rows gone."""
    op.execute("DELETE FROM pending_sign_ins")
    with op.batch_alter_table("pending_sign_ins") as table:
        table.add_column(sa.Column("passphrase_mark", sa.String(64), nullable=False))
