"""Second locks of an account: one-time codes, recovery codes, passkeys; and sign-ins between their two steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.models.rows import Row, moment, sealed

CONFIRMED = text("confirmed_at IS NOT NULL")


def owner() -> Mapped[UUID]:
    """Declare whose lock it is."""
    return mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)


class OneTimeCode(Row):
    """What an authenticator app and the site share. It counts once `confirmed_at` is set; an account has one such."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        Index(
            "uq_one_time_codes_confirmed", "user_id", unique=True, sqlite_where=CONFIRMED, postgresql_where=CONFIRMED
        ),
    )

    user_id: Mapped[UUID] = owner()
    secret_sealed: Mapped[bytes | None] = sealed(nullable=False)
    secret = Encrypted[str](parent=("user_id",))
    last_counter: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = moment(nullable=False)
    confirmed_at: Mapped[datetime | None] = moment()


class RecoveryCode(Row):
    """One of the codes on her paper, as a keyed hash; it opens once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[UUID] = owner()
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = moment(nullable=False)
    used_at: Mapped[datetime | None] = moment()


class Passkey(Row):
    """A key that a phone or computer keeps; here is the public half of it. `doubted_at`: its count once went back."""

    __tablename__ = "passkeys"

    user_id: Mapped[UUID] = owner()
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str] = mapped_column(String(80))
    name_sealed: Mapped[bytes | None] = sealed(nullable=False)
    name = Encrypted[str](parent=("user_id",), least=128)
    made_at: Mapped[datetime] = moment(nullable=False)
    used_at: Mapped[datetime | None] = moment()
    doubted_at: Mapped[datetime | None] = moment()


class PendingSignIn(Row):
    """A sign-in whose passphrase was right and whose second step is not passed yet: nobody's sign-in so far."""

    __tablename__ = "pending_sign_ins"

    user_id: Mapped[UUID] = owner()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    begun_at: Mapped[datetime] = moment(nullable=False, index=True)


class SpentChallenge(Row):
    """A challenge that a passkey has answered, kept while it could be sent again."""

    __tablename__ = "spent_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    spent_at: Mapped[datetime] = moment(nullable=False, index=True)
