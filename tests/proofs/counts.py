"""What a proof says: how many it tried, how many of them failed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """How many were tried, how many failed, and what a reader must know beside it."""

    tried: int
    failures: int
    note: str = ""
