"""How a pair pauses and ends, when a supporter rests, and what a check-in is for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

A_DAY, OF_A_DAY = "one_checkin_a_day", ["introduction_id", "user_id", "due_on"]
KINDS = "kind IN ('planned', 'told', 'ending')"


def upgrade() -> None:
    """Add the columns; a person may tell the coordinator several times a day."""
    with op.batch_alter_table("introductions") as table:
        table.add_column(sa.Column("paused_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("ending_sealed", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("wishes_sealed", sa.LargeBinary(), nullable=True))
        table.create_foreign_key(op.f("fk_introductions_paused_by_users"), "users", ["paused_by"], ["id"])
    op.create_index("pairs_by_their_last_day", "introductions", ["state", "until", "id"])
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("is_goodbye", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("supporters") as table:
        table.add_column(sa.Column("rests_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("rests_why", sa.String(length=20), nullable=True))
        table.create_check_constraint(op.f("ck_supporters_rests_why_is_known"), "rests_why IN ('cool-down', 'strain')")
    with op.batch_alter_table("checkins") as table:
        table.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="planned"))
        table.drop_constraint(A_DAY, type_="unique")
        table.create_check_constraint(op.f("ck_checkins_kind_is_known"), KINDS)
    planned = sa.text("kind = 'planned'")
    op.create_index(A_DAY, "checkins", OF_A_DAY, unique=True, sqlite_where=planned, postgresql_where=planned)


def downgrade() -> None:
    """Take the columns away, and with them the check-ins that are not planned."""
    op.execute("DELETE FROM checkins WHERE kind <> 'planned'")
    op.drop_index(A_DAY, table_name="checkins")
    with op.batch_alter_table("checkins") as table:
        table.drop_constraint(op.f("ck_checkins_kind_is_known"), type_="check")
        table.drop_column("kind")
        table.create_unique_constraint(A_DAY, OF_A_DAY)
    with op.batch_alter_table("supporters") as table:
        table.drop_constraint(op.f("ck_supporters_rests_why_is_known"), type_="check")
        table.drop_column("rests_why")
        table.drop_column("rests_until")
    with op.batch_alter_table("messages") as table:
        table.drop_column("is_goodbye")
    op.drop_index("pairs_by_their_last_day", table_name="introductions")
    with op.batch_alter_table("introductions") as table:
        table.drop_constraint(op.f("fk_introductions_paused_by_users"), type_="foreignkey")
        for column in ("wishes_sealed", "ending_sealed", "paused_until", "paused_by"):
            table.drop_column(column)
