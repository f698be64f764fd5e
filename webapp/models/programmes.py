"""The programme itself: its name and settings, and what the engine has learned from its roster."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.rows import Row, moment


class Programme(Row):
    """The one programme of this installation.

    `roster_version` is the number of the last change that the engine reads, `roster_removal` that of the last one by
    which somebody left the roster altogether: models/roster.py.
    """

    __tablename__ = "programmes"

    name: Mapped[str] = mapped_column(String(120))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    roster_version: Mapped[int] = mapped_column(default=0)
    roster_removal: Mapped[int] = mapped_column(default=0, server_default="0")


class RosterFit(Row):
    """What a fit learned: rarities and means, so that every process scores alike."""

    __tablename__ = "roster_fits"

    hash: Mapped[str] = mapped_column(String(16), index=True)
    learned: Mapped[str] = mapped_column(Text)
    fitted_at: Mapped[datetime] = moment(nullable=False)
