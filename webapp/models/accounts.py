"""Who can sign in: people, their roles, their sign-ins on the server, the ways back in, and links that work once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.crypto import keyring
from webapp.crypto.fields import Encrypted
from webapp.domain.accounts import skeleton
from webapp.extensions import Base
from webapp.models.rows import Row, moment, sealed

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True, index=True),
)


class Role(Row, RoleMixin):  # type: ignore[misc] # Flask-Security declares the id a number
    """What a person is to the programme: requester, supporter or coordinator."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


def key_of_name(name: str) -> str:
    """Return the keyed hash by which a name, and every name that looks like it, is found."""
    return keyring.ring().fingerprint(f"username|{skeleton(name)}")


class Username(Encrypted[str | None]):
    """The name to sign in with: sealed to be shown to her, and a key to find her. None forgets it and keeps the key."""

    def __set__(self, row: Any, value: str | None) -> None:
        super().__set__(row, value)
        if value is not None:
            row.username_key = key_of_name(value)


class User(Row, UserMixin):  # type: ignore[misc] # Flask-Security declares the id a number
    """One account. `email` stays empty: nobody needs one, and a woman's would give her away.

    A closed one keeps the key of its name, so that nobody can come under a name that looks like it.
    """

    __tablename__ = "users"

    username_sealed: Mapped[bytes | None] = sealed()
    username = Username(parent=(), least=64)
    username_key: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(5), default="en")
    roles: Mapped[list[Role]] = relationship(secondary=user_roles, lazy="selectin")


class SignIn(Row):
    """One sign-in on one device. The cookie holds a random token, this row its hash."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("sign_ins_of_a_person", "user_id", "ended_at", "seen_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(40))
    begun_at: Mapped[datetime] = moment(nullable=False)
    seen_at: Mapped[datetime] = moment(nullable=False)
    ended_at: Mapped[datetime | None] = moment()
    proof: Mapped[str] = mapped_column(String(40))
    proved_at: Mapped[datetime] = moment(nullable=False)


class OneTimeLink(Row):
    """A link that works once, for the first coordinator and for supporters who are invited."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime] = moment(nullable=False)
    used_at: Mapped[datetime | None] = moment()


class ReturnCode(Row):
    """The code by which she gets in without her passphrase: kept as a keyed hash, gone once it was used."""

    __tablename__ = "return_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = moment(nullable=False)


class PhoneWords(Row):
    """Words that she says on the phone to be let in again. The desk types them and never sees them."""

    __tablename__ = "phone_words"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    words_sealed: Mapped[bytes | None] = sealed()
    words = Encrypted[str](parent=("user_id",), least=128)
    made_at: Mapped[datetime] = moment(nullable=False)


class PhoneTry(Row):
    """One time that the desk tried words for a name, there or not; there are only so many a day."""

    __tablename__ = "phone_tries"
    __table_args__ = (UniqueConstraint("name_key", "on_day", "number", name="one_try_a_number"),)

    name_key: Mapped[str] = mapped_column(String(64))
    on_day: Mapped[date]
    number: Mapped[int]


class ResetLink(Row):
    """A link by which one person chooses a new passphrase, once, within the hour."""

    __tablename__ = "reset_links"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(20))
    clears_factors: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime] = moment(nullable=False)
    used_at: Mapped[datetime | None] = moment()
    told_at: Mapped[datetime | None] = moment()


class LeavingWish(Row):
    """A supporter who wants to close her account while women still count on her."""

    __tablename__ = "leaving_wishes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    asked_at: Mapped[datetime] = moment(nullable=False)
