"""Sealed check values: what shows at the start that the keys are those of this database."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base


class KeyCheck(Base):
    """The known value of one key, sealed or fingerprinted with it."""

    __tablename__ = "key_checks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
