"""Who can sign in: people, their roles, their sign-ins on the server, and links that work once."""

from datetime import datetime
from uuid import UUID

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base
from webapp.models.rows import Row, moment

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class Role(Row, RoleMixin):  # type: ignore[misc]
    """What a person is to the programme: requester, supporter or coordinator."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class User(Row, UserMixin):  # type: ignore[misc]
    """One account. `email` stays empty: nobody needs one, and a woman's would give her away."""

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(String(80), unique=True)
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


class OneTimeLink(Row):
    """A link that works once, for the first coordinator and for supporters who are invited."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime] = moment(nullable=False)
    used_at: Mapped[datetime | None] = moment()
