"""docs/growth.md, written from what was measured, beside what it was before."""

from collections.abc import Sequence
from pathlib import Path

from tests.growth.measured import Grown

BEFORE = Path(__file__).with_name("before.json")


def write(grown: Sequence[Grown], on_postgres: Sequence[Grown]) -> None:
    """Write the page."""
