"""Messages of a pair, readable to the two of them alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.models.rows import Row, moment, sealed


class Message(Row):
    """One message; a goodbye is the last of whoever wrote it."""

    __tablename__ = "messages"
    __table_args__ = (Index("messages_of_a_pair", "introduction_id", "sent_at", "id"),)

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime] = moment(nullable=False)
    is_goodbye: Mapped[bool] = mapped_column(default=False, server_default=false())
    body_sealed: Mapped[bytes | None] = sealed()
    body = Encrypted[str](parent=("introduction_id", "sender_id"), least=256)
