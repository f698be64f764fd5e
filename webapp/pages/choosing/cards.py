"""What a card says: a name, pronouns, a hello, what the two share, one honest gap. Never a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from webapp.services.matching import say

GAPS = frozenset({"her_missing", "her_few_hours", "her_not_said", "her_keeps"})
"""The engine's messages to her that tell of a gap; every other one tells of something shared."""


@dataclass(frozen=True)
class Card:
    """One woman as she is shown; `asked_until` says until when she can answer, where she is asked."""

    id: UUID
    name: str
    pronouns: str
    hello: str
    shared: list[str]
    gap: str
    her_order: int | None
    asked_until: datetime | None


def card_of(shown: Mapping[str, Any], language: str) -> Card:
    """Put a card into words."""
    shared: list[str] = []
    gaps: list[str] = []
    for message in shown["messages"]:
        (gaps if message["key"] in GAPS else shared).append(say(message, language))
    return Card(
        id=shown["id"],
        name=shown["name"],
        pronouns=shown["pronouns"],
        hello=shown["hello"],
        shared=shared,
        gap=" ".join(gaps),
        her_order=shown["her_order"],
        asked_until=shown["expires_at"],
    )
