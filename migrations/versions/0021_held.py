"""While a pair of hers rests on hold, nobody new is suggested to a supporter: how many of her pairs do."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

RESTS = """SELECT count(*) FROM holds JOIN introductions ON introductions.id = holds.introduction_id
    WHERE introductions.supporter_id = supporters.id AND holds.lifted_at IS NULL"""


def upgrade() -> None:
    """Add the number, and count what rests now."""
    with op.batch_alter_table("supporters") as table:
        table.add_column(sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE supporters SET held = ({RESTS})")  # noqa: S608


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("supporters") as table:
        table.drop_column("held")
