"""The lists of what is proved, by which code, and of the faults that were mended, with their tests; both are data."""

import importlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.proofs.counts import Count

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Proof:
    """One figure: its id among those that the project promises, and `module:function` that takes `long` and counts.

    `only_long` keeps it out of the short run.
    """

    id: str
    what: str
    by: str
    only_long: bool = False

    def count(self, *, long: bool) -> Count:
        """Try everything that the figure is about; `long` tries more of it."""
        module, name = self.by.split(":")
        prove: Callable[..., Count] = getattr(importlib.import_module(module), name)
        return prove(long=long)


@dataclass(frozen=True)
class Fault:
    """One fault that was found by use or attack, and the tests that hold its mend."""

    id: str
    what: str
    tests: tuple[str, ...]


def proofs() -> list[Proof]:
    """Read the proofs, by id."""
    return sorted((Proof(**said) for said in _read("proofs.toml", "proof")), key=lambda proof: order_of(proof.id))


def faults() -> list[Fault]:
    """Read the faults, by id."""
    read = (Fault(said["id"], said["what"], tuple(said["tests"])) for said in _read("faults.toml", "fault"))
    return sorted(read, key=lambda fault: order_of(fault.id))


def order_of(id: str) -> tuple[str, int]:
    """Order X2 before X10."""
    return id[0], int("".join(sign for sign in id if sign.isdigit()) or 0)


def _read(name: str, key: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = tomllib.loads((HERE / name).read_text(encoding="utf-8")).get(key, [])
    return said
