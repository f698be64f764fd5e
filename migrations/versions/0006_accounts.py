"""Names to sign in with are sealed and found by a key; recovery codes, words for the phone, reset links."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from webapp.crypto import keyring
from webapp.crypto.fields import Encrypted
from webapp.domain.accounts import skeleton

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ALIKE = (
    "These accounts have names that look alike, and only one of each may: {}. Nothing was changed. "
    "Give all but one another name (UPDATE users SET username = ... WHERE id = ...), tell her, and run this again."
)


class _User:
    """A row of users, as far as its name goes: sealed by the field itself, so that the site can read it."""

    __tablename__ = "users"
    username = Encrypted(parent=(), least=64)

    def __init__(self, id: UUID, username_sealed: bytes | None = None) -> None:
        self.id, self.username_sealed = id, username_sealed


def upgrade() -> None:
    """Seal the names, then make the tables. Raises RuntimeError where two names look alike."""
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("username_sealed", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("username_key", sa.String(length=64), nullable=True))
    _seal_names()
    with op.batch_alter_table("users") as table:
        table.drop_constraint("uq_users_username", type_="unique")
        table.drop_column("username")
        table.alter_column("username_key", existing_type=sa.String(length=64), nullable=False)
        table.create_unique_constraint("uq_users_username_key", ["username_key"])
    _codes_and_words()
    _links()


def downgrade() -> None:
    """Drop the tables, and write the names in clear again; whose account is closed has none left to write."""
    for table_name in ("leaving_wishes", "reset_links", "phone_tries", "phone_words", "return_codes"):
        op.drop_table(table_name)
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("username", sa.String(length=80), nullable=True))
    _open_names()
    with op.batch_alter_table("users") as table:
        table.drop_constraint("uq_users_username_key", type_="unique")
        table.drop_column("username_key")
        table.drop_column("username_sealed")
        table.alter_column("username", existing_type=sa.String(length=80), nullable=False)
        table.create_unique_constraint("uq_users_username", ["username"])


def _seal_names() -> None:
    users, seen = _users(), {}
    for user_id, name in op.get_bind().execute(sa.select(users.c.id, users.c.username)).all():
        seen.setdefault(skeleton(name), []).append((user_id, name))
    alike = [" and ".join(str(user_id) for user_id, _ in them) for them in seen.values() if len(them) > 1]
    if alike:
        raise RuntimeError(ALIKE.format("; ".join(alike)))
    for shape, ((user_id, name),) in seen.items():
        row = _User(user_id)
        row.username = name
        key = keyring.ring().fingerprint(f"username|{shape}")
        sealed = sa.update(users).where(users.c.id == user_id)
        op.get_bind().execute(sealed.values(username_sealed=row.username_sealed, username_key=key))


def _open_names() -> None:
    users = _users()
    for user_id, sealed in op.get_bind().execute(sa.select(users.c.id, users.c.username_sealed)).all():
        name = _name_in(user_id, sealed)
        op.get_bind().execute(sa.update(users).where(users.c.id == user_id).values(username=name))


def _name_in(user_id: UUID, sealed: bytes | None) -> str:
    """Return a name in clear; a stand-in that nobody can sign in with, where it is forgotten or damaged."""
    try:
        return _User(user_id, sealed).username or f"closed-{user_id.hex}"
    except keyring.CannotDecrypt:
        return f"unreadable-{user_id.hex}"


def _users() -> sa.TableClause:
    return sa.table(
        "users",
        sa.column("id", sa.Uuid()),
        sa.column("username", sa.String()),
        sa.column("username_sealed", sa.LargeBinary()),
        sa.column("username_key", sa.String()),
    )


def _codes_and_words() -> None:
    op.create_table(
        "return_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _of_user("return_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_codes")),
        sa.UniqueConstraint("user_id", name=op.f("uq_return_codes_user_id")),
    )
    op.create_table(
        "phone_words",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _of_user("phone_words"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_words")),
        sa.UniqueConstraint("user_id", name=op.f("uq_phone_words_user_id")),
    )
    op.create_table(
        "phone_tries",
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_tries")),
        sa.UniqueConstraint("name_key", "on_day", "number", name="one_try_a_number"),
    )


def _links() -> None:
    op.create_table(
        "reset_links",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("clears_factors", sa.Boolean(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _of_user("reset_links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reset_links_token_hash")),
    )
    op.create_index(op.f("ix_reset_links_user_id"), "reset_links", ["user_id"])
    op.create_table(
        "leaving_wishes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _of_user("leaving_wishes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving_wishes")),
        sa.UniqueConstraint("user_id", name=op.f("uq_leaving_wishes_user_id")),
    )


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")
