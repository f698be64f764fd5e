"""What every table has: an id that is known before the row is stored, and times that keep their zone."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal, overload
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from webapp.extensions import Base


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Databases without zones keep it without one and give it back with it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; it could mean anything."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give it back in UTC, whatever zone the database speaks."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Row(Base):
    """A table's row; its id is made at once, because encrypted fields are bound to it."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or uuid4()
        super().__init__(**values)


def sealed(*, nullable: bool = True) -> Mapped[bytes | None]:
    """Declare the column behind an encrypted field."""
    return mapped_column(LargeBinary, nullable=nullable)


@overload
def moment(*, nullable: Literal[False], index: bool = False) -> Mapped[datetime]: ...


@overload
def moment(*, index: bool = False) -> Mapped[datetime | None]: ...


def moment(*, nullable: bool = True, index: bool = False) -> Mapped[Any]:
    """Declare a moment in UTC."""
    return mapped_column(UtcTime, nullable=nullable, index=index)


def one_of(column: str, words: Iterable[object]) -> str:
    """Write a check that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"
