"""Supporters: what they answered, what they hold, and the dates that keep them eligible."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import supporters
from webapp.models.rows import Row, moment, one_of, sealed


class Supporter(Row):
    """A trained peer. `taken` counts her live introductions and can never pass `capacity`.

    `rests_why` keeps new women from her, until a day or until a coordinator has looked; her pairs go on.
    `away_since` is since when she is on a break of her own, `back_at` when she last came back from one.
    `roster_version` is the programme's number at the last change of hers that the engine reads: models/roster.py.
    """

    __tablename__ = "supporters"
    __table_args__ = (
        CheckConstraint(one_of("state", supporters.State), name="state_is_known"),
        CheckConstraint(one_of("rests_why", supporters.Rest), name="rests_why_is_known"),
        CheckConstraint("taken >= 0 AND taken <= capacity", name="never_more_than_she_can_hold"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=supporters.State.APPLIED, index=True)
    time_zone: Mapped[str] = mapped_column(String(60), default="America/Toronto")
    capacity: Mapped[int] = mapped_column(default=1)
    taken: Mapped[int] = mapped_column(default=0)
    strain: Mapped[Decimal] = mapped_column(Numeric(5, 4), default=Decimal(0))
    trained_until: Mapped[date | None]
    cleared_until: Mapped[date | None]
    agreed_until: Mapped[date | None]
    supervised_until: Mapped[date | None]
    last_matched: Mapped[date | None]
    rests_until: Mapped[date | None]
    rests_why: Mapped[str | None] = mapped_column(String(20))
    away_since: Mapped[datetime | None] = moment()
    away_until: Mapped[date | None]
    back_at: Mapped[datetime | None] = moment()
    roster_version: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    version: Mapped[int] = mapped_column(default=1)
    name_sealed: Mapped[bytes | None] = sealed()
    name = Encrypted[str | None](parent=("user_id",), least=128)
    answers_sealed: Mapped[bytes | None] = sealed()
    answers = Encrypted[dict[str, dict[str, Any]] | None](parent=("user_id",), least=4096)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
