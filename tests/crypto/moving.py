"""Move, cut and alter the ciphertext of every registered field, and count what is still read (E1)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.proofs.counts import Count
from webapp import models
from webapp.crypto import keyring
from webapp.crypto.fields import REGISTRY, Encrypted
from webapp.crypto.keyring import CannotDecrypt, KeyRing

SECRET = {"answer": "a word that no one else may read"}


def attacks(field: Encrypted) -> Iterator[tuple[str, Encrypted, Any]]:
    """Give every way in which a ciphertext of a field could be made to be read elsewhere, or otherwise."""
    row = row_of(field)
    setattr(row, field.column, field.seal(SECRET, field.place(row)))
    sealed = getattr(row, field.column)
    yield "another row", field, changed(row, id=uuid4())
    for parent in field.parent:
        yield f"another {parent}", field, changed(row, **{parent: uuid4()})
    for other in REGISTRY.values():
        if other is not field:
            there = {name: getattr(row, name, uuid4()) for name in ("id", *other.parent)}
            yield f"{other.table}.{other.name}", other, SimpleNamespace(**{**there, other.column: sealed})
    for length in range(len(sealed)):
        yield f"cut to {length}", field, changed(row, **{field.column: sealed[:length]})
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ (1 << place % 8)]) + sealed[place + 1 :]
        yield f"a bit of byte {place}", field, changed(row, **{field.column: altered})
    yield "an older version", field, changed(row, **{field.column: b"\x01" + sealed[1:]})


def row_of(field: Encrypted) -> SimpleNamespace:
    return SimpleNamespace(**{name: uuid4() for name in ("id", *field.parent)})


def changed(row: SimpleNamespace, **values: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(row), **values})


def prove(*, long: bool) -> Count:
    """Try every attack on every field."""
    assert models.__all__
    before = keyring.ring() if keyring.is_set() else None
    keyring.use(KeyRing({1: b"1" * 32, 2: b"2" * 32}, 1, b"b" * 32))
    try:
        read = [_is_read(field, row) for one in REGISTRY.values() for _, field, row in attacks(one)]
    finally:
        if before is not None:
            keyring.use(before)
    return Count(len(read), sum(read), f"{len(REGISTRY)} fields: moved, every byte altered, cut at every length")


def _is_read(field: Encrypted, row: Any) -> bool:
    try:
        field.read(row)
    except CannotDecrypt:
        return False
    return True
