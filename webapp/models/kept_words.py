"""Words that somebody typed and could not send, because her sign-in had idled out: kept for an hour, for her alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.models.rows import Row, moment, sealed


class KeptWords(Row):
    """One form of one person. Its id is hers, so that there is one at most and it opens as nobody else's."""

    __tablename__ = "kept_words"

    id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kept_at: Mapped[datetime] = moment(nullable=False, index=True)
    form_sealed: Mapped[bytes | None] = sealed()
    form = Encrypted[dict[str, Any]](parent=(), least=1024)
