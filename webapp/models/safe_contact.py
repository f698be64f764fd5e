"""How one woman may be reached outside the site: one sealed document, and the clocks that open and close it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.models.rows import Row, moment, sealed


class SafeContact(Row):
    """The record of one woman. `looked_at` is when what was on its way was last checked against it."""

    __tablename__ = "safe_contacts"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    confirmed_at: Mapped[datetime] = moment(nullable=False)
    valid_until: Mapped[datetime] = moment(nullable=False, index=True)
    closed_at: Mapped[datetime | None] = moment()
    looked_at: Mapped[datetime] = moment(nullable=False)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, Any]](parent=("user_id",), least=2048)
