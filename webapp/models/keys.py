"""What a database knows of its keys: a check value for each, and the fields that cannot be read with them."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base
from webapp.models.rows import moment


class KeyCheck(Base):
    """The known value of one key, sealed or fingerprinted with it."""

    __tablename__ = "key_checks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class UnreadableField(Base):
    """One field that could not be read at the last look through all of them: table, field and row."""

    __tablename__ = "unreadable_fields"

    place: Mapped[str] = mapped_column(String(120), primary_key=True)
    found_at: Mapped[datetime] = moment(nullable=False)
