"""One number for the whole roster, and indexes by which every page reads only the rows that it shows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MADE = (
    ("requests_in_a_queue", "requests", ["state", "waiting_since", "id", "user_id"]),
    ("ix_requests_user_id", "requests", ["user_id"]),
    ("offers_in_a_queue", "proposals", ["state", "expires_at", "id", "request_id", "supporter_id"]),
    ("offers_of_a_supporter", "proposals", ["supporter_id", "state", "expires_at"]),
    ("rankings_of_a_request", "rankings", ["request_id", "made_at"]),
    ("pairs_in_a_queue", "introductions", ["state", "first_contact_by", "id", "request_id", "supporter_id"]),
    ("pairs_of_a_request", "introductions", ["request_id", "state"]),
    ("pairs_of_a_supporter", "introductions", ["supporter_id", "state", "introduced_at", "id"]),
    ("checkins_in_a_queue", "checkins", ["needs_look", "answered_at", "id", "introduction_id"]),
    ("checkins_of_a_person", "checkins", ["user_id", "state", "due_on"]),
    ("messages_of_a_pair", "messages", ["introduction_id", "sent_at", "id"]),
    ("sign_ins_of_a_person", "sign_ins", ["user_id", "ended_at", "seen_at"]),
    ("ix_user_roles_role_id", "user_roles", ["role_id"]),
    ("ix_supporters_roster_version", "supporters", ["roster_version"]),
)
OUTDONE = (
    ("ix_requests_state", "requests", ["state"]),
    ("ix_requests_waiting_since", "requests", ["waiting_since"]),
    ("ix_proposals_state", "proposals", ["state"]),
    ("ix_proposals_supporter_id", "proposals", ["supporter_id"]),
    ("ix_rankings_request_id", "rankings", ["request_id"]),
    ("ix_introductions_state", "introductions", ["state"]),
    ("ix_introductions_request_id", "introductions", ["request_id"]),
    ("ix_introductions_supporter_id", "introductions", ["supporter_id"]),
    ("ix_checkins_needs_look", "checkins", ["needs_look"]),
    ("ix_checkins_user_id", "checkins", ["user_id"]),
    ("ix_messages_introduction_id", "messages", ["introduction_id"]),
    ("ix_sign_ins_user_id", "sign_ins", ["user_id"]),
)
"""Each is the beginning of one that is made, or was read by nobody."""


def upgrade() -> None:
    """Add the numbers and the indexes."""
    with op.batch_alter_table("supporters") as table:
        table.add_column(sa.Column("roster_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("programmes") as table:
        table.add_column(sa.Column("roster_removal", sa.Integer(), nullable=False, server_default="0"))
    for name, table_name, columns in MADE:
        op.create_index(name, table_name, columns)
    for name, table_name, _ in OUTDONE:
        op.drop_index(name, table_name)


def downgrade() -> None:
    """Put the former indexes back, and drop what was added."""
    for name, table_name, columns in OUTDONE:
        op.create_index(name, table_name, columns)
    for name, table_name, _ in MADE:
        op.drop_index(name, table_name)
    with op.batch_alter_table("programmes") as table:
        table.drop_column("roster_removal")
    with op.batch_alter_table("supporters") as table:
        table.drop_column("roster_version")
