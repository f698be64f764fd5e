"""Cards that she passed by, that fell away or that the desk took back, and what should differ in those she is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATE, WHY = "ck_proposals_state_is_known", "ck_proposals_taking_back_is_known"
BEFORE = (
    "state IN ('drafted', 'reviewed', 'shown', 'chosen', 'offered', 'accepted', 'declined', 'expired', 'withdrawn')"
)
AFTER = BEFORE.replace("'expired', ", "'expired', 'passed by', 'fell away', ")
REASONS = "taken_back_for IN ('mistake', 'know_each_other', 'cannot_now', 'she_asked', 'other')"
TAKEN_BACK_BY = "fk_proposals_taken_back_by_users"


def upgrade() -> None:
    """Widen the states, and add who took a card back and why."""
    with op.batch_alter_table("proposals") as table:
        table.drop_constraint(op.f(STATE), type_="check")
        table.create_check_constraint(op.f(STATE), AFTER)
        table.add_column(sa.Column("taken_back_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("taken_back_for", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("taken_back_note_sealed", sa.LargeBinary(), nullable=True))
        table.create_check_constraint(op.f(WHY), REASONS)
        table.create_foreign_key(op.f(TAKEN_BACK_BY), "users", ["taken_back_by"], ["id"])
    op.create_table(
        "none_of_these",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differs_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_none_of_these_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_none_of_these")),
    )
    op.create_index("none_of_a_request", "none_of_these", ["request_id", "at"])


def downgrade() -> None:
    """Take all of it back; a card that ended in a new way counts as withdrawn."""
    op.drop_table("none_of_these")
    op.execute("UPDATE proposals SET state = 'withdrawn' WHERE state IN ('passed by', 'fell away')")
    with op.batch_alter_table("proposals") as table:
        table.drop_constraint(op.f(TAKEN_BACK_BY), type_="foreignkey")
        table.drop_constraint(op.f(WHY), type_="check")
        table.drop_column("taken_back_note_sealed")
        table.drop_column("taken_back_for")
        table.drop_column("taken_back_by")
        table.drop_constraint(op.f(STATE), type_="check")
        table.create_check_constraint(op.f(STATE), BEFORE)
