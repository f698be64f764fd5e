"""The state machines as docs/lifecycle.md draws them. Run `python -m tests.domain.drawings` to draw them anew."""

import re
from collections.abc import Mapping
from enum import StrEnum

from tests.architecture.house import ROOT
from webapp.domain import checkins, concerns, covers, introductions, meetings, notices, proposals, requests, supporters

PAGE = ROOT / "docs" / "lifecycle.md"
MACHINES = {
    "request": requests.TRANSITIONS,
    "proposal": proposals.TRANSITIONS,
    "introduction": introductions.TRANSITIONS,
    "cover": covers.TRANSITIONS,
    "check-in": checkins.TRANSITIONS,
    "concern": concerns.TRANSITIONS,
    "meeting": meetings.TRANSITIONS,
    "supporter": supporters.TRANSITIONS,
    "notice": notices.TRANSITIONS,
}


def drawn(table: Mapping[StrEnum, Mapping[StrEnum, StrEnum]]) -> str:
    """Draw one machine as a mermaid diagram."""
    first = next(iter(table))
    lines = [f"    [*] --> {_id(first)}"]
    lines += [
        f"    {_id(state)} --> {_id(to)}: {event}" for state, events in table.items() for event, to in events.items()
    ]
    lines += [f"    {_id(state)} --> [*]" for state, events in table.items() if not events]
    return "\n".join(["stateDiagram-v2", *lines])


def _id(state: StrEnum) -> str:
    return str(state).replace(" ", "_")


def on_the_page(page: str, machine: str) -> str:
    """Return what the page draws under a machine's heading."""
    found = re.search(rf"## {machine}\n.*?```mermaid\n(.*?)\n```", page, re.DOTALL)
    assert found, f"docs/lifecycle.md has no drawing of {machine}"
    return found[1]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    for machine, table in MACHINES.items():
        page = page.replace(on_the_page(page, machine), drawn(table))
    PAGE.write_text(page, encoding="utf-8")
