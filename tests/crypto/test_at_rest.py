"""What a thief of the disk has tells no word, and a ciphertext that was moved or altered is never read."""

import json

from tests.crypto import canaries, moving
from webapp.crypto.fields import REGISTRY, Encrypted


def test_every_attack_on_every_field_is_refused():
    count = moving.prove(long=False)
    assert count.failures == 0
    assert count.tried > 100 * len(REGISTRY)


def test_no_word_stands_in_any_file_or_table(database, tmp_path):
    tried, found = canaries.search(database.ready(), tmp_path)
    assert found == []
    assert tried >= len(canaries.WORDS)


def test_the_search_finds_a_word_that_is_not_sealed(on_sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(Encrypted, "seal", lambda self, value, place: json.dumps(value).encode())
    monkeypatch.setattr(Encrypted, "open", lambda self, sealed, place: json.loads(sealed))
    monkeypatch.setattr(Encrypted, "shown", Encrypted.read)
    found = set(canaries.search(on_sqlite.ready(), tmp_path)[1])
    assert found >= {canaries.MESSAGE, canaries.NOTE, canaries.HERS["name"]}
