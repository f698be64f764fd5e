"""What the two of a pair agree on, and how each of them wants the page of the pair."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.models.rows import Row, moment, sealed


class Agreement(Row):
    """What one of the two proposed for the two of them; it holds once `agreed_at` is there."""

    __tablename__ = "agreements"
    __table_args__ = (Index("agreements_of_a_pair", "introduction_id", "proposed_at"),)

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = moment(nullable=False)
    agreed_at: Mapped[datetime | None] = moment()
    terms_sealed: Mapped[bytes | None] = sealed()
    terms = Encrypted[dict[str, Any]](parent=("introduction_id", "proposed_by"), least=512)


class PairView(Row):
    """How one person wants the page of one pair, and up to which message she has seen it."""

    __tablename__ = "pair_views"
    __table_args__ = (UniqueConstraint("introduction_id", "user_id", name="one_view_of_each"),)

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    looked_at: Mapped[datetime | None] = moment()
    wishes_sealed: Mapped[bytes | None] = sealed()
    wishes = Encrypted[dict[str, Any] | None](parent=("introduction_id", "user_id"), least=128)
