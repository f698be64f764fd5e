"""Second locks: one-time codes, recovery codes, passkeys, sign-ins between their two steps, and how each was proved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CONFIRMED = sa.text("confirmed_at IS NOT NULL")
TABLES = ("one_time_codes", "recovery_codes", "passkeys", "pending_sign_ins", "spent_challenges")


def upgrade() -> None:
    """Make the tables; every sign-in that is there was proved by a passphrase alone, when it began."""
    _one_time_codes()
    _recovery_codes()
    _passkeys()
    _pending_sign_ins()
    _spent_challenges()
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("proof", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("proved_at", MOMENT, nullable=True))
    op.execute("UPDATE sign_ins SET proof = 'passphrase', proved_at = begun_at")
    with op.batch_alter_table("sign_ins") as table:
        table.alter_column("proof", existing_type=sa.String(length=40), nullable=False)
        table.alter_column("proved_at", existing_type=MOMENT, nullable=False)


def downgrade() -> None:
    """Drop what was added, the last made first."""
    with op.batch_alter_table("sign_ins") as table:
        table.drop_column("proved_at")
        table.drop_column("proof")
    for table_name in reversed(TABLES):
        op.drop_table(table_name)


def _owned(table: str, *columns: sa.Column, **more: sa.UniqueConstraint) -> None:  # type: ignore[type-arg]
    op.create_table(
        table,
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *more.values(),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _one_time_codes() -> None:
    _owned(
        "one_time_codes",
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
    )
    op.create_index(
        "uq_one_time_codes_confirmed",
        "one_time_codes",
        ["user_id"],
        unique=True,
        sqlite_where=CONFIRMED,
        postgresql_where=CONFIRMED,
    )


def _recovery_codes() -> None:
    _owned(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        unique=sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_codes_user_id")),
    )


def _passkeys() -> None:
    _owned(
        "passkeys",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.String(length=80), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("doubted_at", MOMENT, nullable=True),
        unique=sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )


def _pending_sign_ins() -> None:
    _owned(
        "pending_sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("passphrase_mark", sa.String(length=64), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        unique=sa.UniqueConstraint("token_hash", name=op.f("uq_pending_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_pending_sign_ins_begun_at"), "pending_sign_ins", ["begun_at"])


def _spent_challenges() -> None:
    op.create_table(
        "spent_challenges",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("spent_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_challenges")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_spent_challenges_challenge_hash")),
    )
    op.create_index(op.f("ix_spent_challenges_spent_at"), "spent_challenges", ["spent_at"])
