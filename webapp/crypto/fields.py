"""Encrypted fields: text or JSON in a column of bytes, bound to table, field, row and what the row belongs to."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from webapp.crypto import keyring
from webapp.crypto.keyring import CannotDecrypt
from webapp.crypto.padding import FIRST_STEP, pad, unpad

log = logging.getLogger(__name__)

Value = TypeVar("Value")

REGISTRY: dict[tuple[str, str], "Encrypted[Any]"] = {}
"""Every encrypted field by table and field: what docs/data.md lists, and what is sealed anew when a key changes."""


class Unreadable(str):
    """Stands where a text cannot be read. A page says so in its place, in the reader's language.

    Cut or joined it is an ordinary text, which says so in both.
    """

    in_words: ClassVar[Callable[[], str]] = staticmethod(lambda: "cannot be read")

    def __str__(self) -> str:
        return type(self).in_words()

    def __html__(self) -> str:
        return type(self).in_words()


UNREADABLE = Unreadable("cannot be read · illisible")


class Encrypted(Generic[Value]):
    """A field that is kept encrypted in the column named `<field>_sealed`. Holds text, or anything that JSON can.

    `parent` names the columns that say what the row belongs to: a ciphertext that was moved under another parent is
    refused. `least` is the length to which the shortest are filled up.
    """

    def __init__(self, *, parent: tuple[str, ...], least: int = FIRST_STEP) -> None:
        self.parent, self.least = parent, least

    def __set_name__(self, owner: type, name: str) -> None:
        self.table = owner.__tablename__  # type: ignore[attr-defined] # every owner is a table
        self.name, self.column = name, f"{name}_sealed"
        REGISTRY[self.table, name] = self

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...

    @overload
    def __get__(self, row: object, owner: type | None = None) -> Value: ...

    def __get__(self, row: object | None, owner: type | None = None) -> Self | Value:
        return self if row is None else self.read(row)

    def __set__(self, row: Any, value: Value) -> None:
        setattr(row, self.column, None if value is None else self.seal(value, self.place(row)))

    def read(self, row: Any) -> Value:
        """Decrypt the field of anything with the columns of `needs`. Raises CannotDecrypt."""
        sealed = getattr(row, self.column)
        if sealed is None:
            return None  # type: ignore[return-value] # a field that may be empty says so in its type
        return self.open(sealed, self.place(row))

    def shown(self, row: Any) -> Value | Unreadable:
        """Decrypt the field; UNREADABLE where that fails, so that one damaged field takes no page down."""
        try:
            return self.read(row)
        except CannotDecrypt as damaged:
            log.error("a field cannot be read: %s", damaged)
            return UNREADABLE

    def needs(self) -> Iterator[str]:
        """Name the columns that must be there to decrypt the field."""
        yield from ("id", *self.parent, self.column)

    def place(self, row: Any) -> str:
        """Name the one place where a ciphertext of this field belongs. Raises ValueError before its parent is known."""
        bound = [getattr(row, name) for name in ("id", *self.parent)]
        if None in bound:
            raise ValueError(f"{self.table}.{self.name} is sealed when its row knows {', '.join(self.parent)}")
        return "|".join((f"{self.table}.{self.name}", *map(str, bound)))

    def seal(self, value: Value, place: str) -> bytes:
        """Encrypt a value for its place, filled up so that its length tells nothing."""
        plain = json.dumps(value, ensure_ascii=False).encode()
        return keyring.ring().encrypt(pad(plain, self.least), place)

    def open(self, sealed: bytes, place: str) -> Value:
        """Decrypt a value of this very place. Raises CannotDecrypt."""
        padded = keyring.ring().decrypt(sealed, place)
        try:
            opened: Value = json.loads(unpad(padded))
            return opened
        except ValueError:
            raise CannotDecrypt(place) from None
