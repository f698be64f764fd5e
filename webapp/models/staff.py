"""Who stands in for a coordinator, when she is away, and whose files are closed to her."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.rows import Row, moment


class StaffMember(Row):
    """What the programme knows of somebody who works at the desk beside her account. Its id is her account's.

    The deputy takes what she does not get to; while she is away, at once.
    """

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]


class ClosedFile(Row):
    """A file that is closed to one coordinator: she knows the person, or a concern is about her. Nobody is told why."""

    __tablename__ = "closed_files"
    __table_args__ = (UniqueConstraint("staff_id", "about_id", name="closed_once"),)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    about_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    closed_at: Mapped[datetime] = moment(nullable=False)
