"""The chain of the audit names the first record that was touched, wherever it is."""

import pytest

from webapp.crypto.chain import START, first_break, link


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
