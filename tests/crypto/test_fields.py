"""Every encrypted field refuses a ciphertext that was moved, cut or altered, and every column of secrets is one."""

from uuid import uuid4

import pytest

from webapp import models
from webapp.crypto import keyring
from webapp.crypto.fields import REGISTRY, Encrypted
from webapp.crypto.keyring import CannotDecrypt, KeyRing

SECRET = "a word that no one else may read"
KEYS = {1: b"1" * 32, 2: b"2" * 32}


@pytest.fixture(autouse=True)
def ring(monkeypatch):
    held = KeyRing(KEYS, 1, b"blind")
    monkeypatch.setattr(keyring, "_ring", held)
    return held


ROWS = [
    (getattr(models, name), field)
    for name in models.__all__
    for field, kept in vars(getattr(models, name)).items()
    if isinstance(kept, Encrypted)
]


def test_the_registry_holds_every_encrypted_field():
    assert {(kind.__tablename__, field) for kind, field in ROWS} == REGISTRY
    assert len(ROWS) >= 6


def test_every_sealed_column_belongs_to_an_encrypted_field():
    for name in models.__all__:
        table = getattr(models, name).__table__
        sealed = {column.name.removesuffix("_sealed") for column in table.columns if column.name.endswith("_sealed")}
        assert sealed == {field for table_name, field in REGISTRY if table_name == table.name}


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_what_is_kept_can_be_read_and_does_not_stand_there_in_clear(kind, field):
    row = kind()
    for value in (SECRET, {"answer": [SECRET], "stars": []}, None):
        setattr(row, field, value)
        assert getattr(row, field) == value
    setattr(row, field, SECRET)
    assert SECRET.encode() not in getattr(row, f"{field}_sealed")


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_a_ciphertext_that_was_moved_to_another_row_is_refused(kind, field):
    one, other = kind(), kind()
    setattr(one, field, SECRET)
    setattr(other, f"{field}_sealed", getattr(one, f"{field}_sealed"))
    with pytest.raises(CannotDecrypt):
        getattr(other, field)


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_a_ciphertext_that_was_moved_to_another_field_is_refused(kind, field):
    for other_kind, other_field in ROWS:
        if (other_kind, other_field) != (kind, field):
            same_id = uuid4()
            one, other = kind(id=same_id), other_kind(id=same_id)
            setattr(one, field, SECRET)
            setattr(other, f"{other_field}_sealed", getattr(one, f"{field}_sealed"))
            with pytest.raises(CannotDecrypt):
                getattr(other, other_field)


@pytest.mark.parametrize(
    "spoil", [lambda e: e[:-1], lambda e: e[:10], lambda e: b"", lambda e: e[:-1] + bytes([e[-1] ^ 1])]
)
def test_a_ciphertext_that_was_cut_or_altered_is_refused(ring, spoil):
    with pytest.raises(CannotDecrypt):
        ring.decrypt(spoil(ring.encrypt(b"x" * 40, "t.f|1")), "t.f|1")


def test_an_old_key_still_reads_and_a_missing_one_refuses(ring):
    sealed = ring.encrypt(b"old", "t.f|1")
    newer = KeyRing(KEYS, 2, b"blind")
    assert newer.decrypt(sealed, "t.f|1") == b"old"
    assert newer.encrypt(b"new", "t.f|1")[1] == 2
    with pytest.raises(CannotDecrypt):
        KeyRing({2: KEYS[2]}, 2, b"blind").decrypt(sealed, "t.f|1")


def test_the_same_text_is_never_the_same_ciphertext(ring):
    assert ring.encrypt(b"x", "t.f|1") != ring.encrypt(b"x", "t.f|1")


def test_a_fingerprint_finds_a_text_again_and_depends_on_the_key(ring):
    assert ring.fingerprint("dee") == ring.fingerprint("dee") != KeyRing(KEYS, 1, b"other").fingerprint("dee")


def test_nothing_is_read_before_a_ring_is_set(monkeypatch):
    monkeypatch.setattr(keyring, "_ring", None)
    with pytest.raises(RuntimeError, match="no key ring"):
        keyring.ring()
