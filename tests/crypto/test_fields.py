"""Every encrypted field refuses a ciphertext that was moved, cut or altered, and every column of secrets is one."""

from uuid import uuid4

import pytest

from webapp import models
from webapp.crypto import keyring
from webapp.crypto.fields import REGISTRY, UNREADABLE, Encrypted
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
BELONGING = [(kind, field) for kind, field in ROWS if vars(kind)[field].parent]
"""The others are of a person herself: her row's own id is all that they can be bound to."""


def test_only_what_is_of_a_person_herself_has_no_parent():
    assert {(kind.__name__, field) for kind, field in ROWS} - {(kind.__name__, field) for kind, field in BELONGING} == {
        ("User", "username"),
        ("KeptWords", "form"),
    }


def row_of(kind, **known):
    """Return a row of a kind that knows what it belongs to."""
    parents = {name for field in vars(kind).values() if isinstance(field, Encrypted) for name in field.parent}
    bound = {name: known.get(name) or uuid4() for name in parents}
    return kind(id=known.get("id"), **bound)


def copy_of(row, **changed):
    """Return another row with the same content but for these columns."""
    kept = {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
    return type(row)(**{**kept, **changed})


def test_the_registry_holds_every_encrypted_field():
    assert {(kind.__tablename__, field) for kind, field in ROWS} == REGISTRY.keys()
    assert len(ROWS) >= 6


def test_every_sealed_column_belongs_to_an_encrypted_field():
    for name in models.__all__:
        table = getattr(models, name).__table__
        sealed = {column.name.removesuffix("_sealed") for column in table.columns if column.name.endswith("_sealed")}
        assert sealed == {field for table_name, field in REGISTRY if table_name == table.name}


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_what_is_kept_can_be_read_and_does_not_stand_there_in_clear(kind, field):
    row = row_of(kind)
    documents = () if field == "username" else ({"answer": [SECRET], "stars": []},)  # its key is made of a text
    for value in (SECRET, *documents, None):
        setattr(row, field, value)
        assert getattr(row, field) == value
    setattr(row, field, SECRET)
    assert SECRET.encode() not in getattr(row, f"{field}_sealed")


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_a_ciphertext_that_was_moved_to_another_row_is_refused(kind, field):
    one = row_of(kind)
    setattr(one, field, SECRET)
    other = copy_of(one, id=uuid4())
    with pytest.raises(CannotDecrypt):
        getattr(other, field)


@pytest.mark.parametrize(("kind", "field"), BELONGING)
def test_a_ciphertext_whose_row_was_moved_under_another_parent_is_refused(kind, field):
    one = row_of(kind)
    setattr(one, field, SECRET)
    for parent in vars(kind)[field].parent:
        with pytest.raises(CannotDecrypt):
            getattr(copy_of(one, **{parent: uuid4()}), field)


@pytest.mark.parametrize(("kind", "field"), BELONGING)
def test_nothing_is_sealed_before_its_parent_is_known(kind, field):
    with pytest.raises(ValueError, match="is sealed when its row knows"):
        setattr(kind(), field, SECRET)


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_a_damaged_field_shows_as_such_and_is_logged_without_its_content(kind, field, caplog):
    one = row_of(kind)
    setattr(one, field, SECRET)
    sealed = getattr(one, f"{field}_sealed")
    setattr(one, f"{field}_sealed", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert vars(kind)[field].shown(one) is UNREADABLE
    assert f"{kind.__tablename__}.{field}|{one.id}" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(("kind", "field"), ROWS)
def test_a_ciphertext_that_was_moved_to_another_field_is_refused(kind, field):
    for other_kind, other_field in ROWS:
        if (other_kind, other_field) != (kind, field):
            one = row_of(kind)
            setattr(one, field, SECRET)
            same = {name: getattr(one, name) for name in vars(kind)[field].parent}
            other = row_of(other_kind, id=one.id, **same)
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
