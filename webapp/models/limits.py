"""How often somebody tried: counters by a keyed hash, so that no name and no address is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base
from webapp.models.rows import moment


class Tries(Base):
    """The tries of one name or address, and the moment before which no other is let through."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = moment(nullable=False)
    not_before: Mapped[datetime | None] = moment()


class WrongTries(Base):
    """How often a passphrase let nobody in, by the keyed hash of the name, until the audit has recorded it."""

    __tablename__ = "wrong_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID | None]
    count: Mapped[int]
