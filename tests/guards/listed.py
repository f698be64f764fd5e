"""The list of guards: each is a piece of code that can be cut out, and the test that must notice."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("guards.toml")


@dataclass(frozen=True)
class Guard:
    """One guard: `cut` stands exactly once in `file` and is replaced by `put`; then the test `red` must fail."""

    name: str
    file: str
    cut: str
    put: str
    red: str


def guards() -> list[Guard]:
    """Read all guards."""
    return [Guard(**said) for said in tomllib.loads(LIST.read_text(encoding="utf-8")).get("guard", [])]
