"""What the lists name is there: every proof can be called, every test of a mended fault exists."""

import importlib
from pathlib import Path

import pytest

from tests.proofs.listed import faults, proofs

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("proof", proofs(), ids=lambda proof: proof.id)
def test_a_proof_can_be_called(proof):
    module, name = proof.by.split(":")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.id)
def test_the_tests_of_a_fault_are_there(fault):
    assert fault.tests
    for test in fault.tests:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test


def test_no_id_stands_twice():
    for listed in (proofs(), faults()):
        ids = [one.id for one in listed]
        assert sorted(set(ids)) == sorted(ids)
