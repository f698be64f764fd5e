"""The chain of the audit names the first record that was touched, wherever it is."""

import pytest

from webapp.crypto import keyring
from webapp.crypto.chain import START, first_break, is_marked, link, mark
from webapp.crypto.keyring import KeyRing


@pytest.fixture(autouse=True)
def keys():
    keyring.use(KeyRing({1: b"k" * 32}, 1, b"blind"))


def chained(count):
    records, previous = [], START
    for number in range(count):
        record = {"number": number, "action": f"act {number}"}
        previous = link(previous, record)
        records.append((record, previous))
    return records


def test_an_untouched_chain_is_whole():
    assert first_break(chained(100)) is None
    assert first_break([]) is None


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_an_edit_a_deletion_a_swap_and_an_insertion_are_found(at):
    edited = chained(100)
    edited[at] = ({**edited[at][0], "action": "nothing"}, edited[at][1])
    assert first_break(edited) == at
    deleted = chained(100)
    del deleted[at]
    assert first_break(deleted) == at
    swapped = chained(100)
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert first_break(swapped) == at
    inserted = chained(100)
    inserted.insert(at, inserted[at])
    assert first_break(inserted) == at + 1


def test_nobody_makes_a_link_or_a_mark_without_the_key():
    keyring.use(KeyRing({1: b"k" * 32}, 1, b"blind"))
    mine, marked = link(START, {"action": "act"}), mark("head", number=1, hash="x")
    keyring.use(KeyRing({1: b"k" * 32}, 1, b"another"))
    assert link(START, {"action": "act"}) != mine
    assert not is_marked(marked, "head", number=1, hash="x")
    keyring.use(KeyRing({1: b"k" * 32}, 1, b"blind"))
    assert is_marked(marked, "head", number=1, hash="x")
    assert not is_marked(marked, "anchor", number=1, hash="x")
    assert not is_marked(marked, "head", number=2, hash="x")
    assert not is_marked("é", "head", number=1, hash="x")


def test_no_fingerprint_of_a_text_is_the_key_of_the_chain():
    ring = KeyRing({1: b"k" * 32}, 1, b"blind")
    fingerprints = {bytes.fromhex(ring.fingerprint(text)) for text in ("audit chain", "audit chain\x01")}
    assert ring.derive("audit chain") not in fingerprints
    assert ring.derive("audit chain") != ring.derive("another")
