"""Encrypted fields: text or JSON in a column of bytes, bound to table, field and row, so that moving it shows."""

import json
from typing import Any
from uuid import UUID

from webapp.crypto import keyring

REGISTRY: set[tuple[str, str]] = set()
"""Every encrypted field, as table and field: what docs/data.md lists."""


class Encrypted:
    """A field that is kept encrypted in the column named `<field>_sealed`. Holds text, or anything that JSON can."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.table, self.name, self.column = owner.__tablename__, name, f"{name}_sealed"  # type: ignore[attr-defined]
        REGISTRY.add((self.table, name))

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None
        return json.loads(keyring.ring().decrypt(sealed, self.place(row.id)))

    def __set__(self, row: Any, value: Any) -> None:
        if value is None:
            setattr(row, self.column, None)
            return
        plain = json.dumps(value, ensure_ascii=False).encode()
        setattr(row, self.column, keyring.ring().encrypt(plain, self.place(row.id)))

    def place(self, row_id: UUID) -> str:
        """Name the one place where a ciphertext of this field belongs."""
        return f"{self.table}.{self.name}|{row_id}"
