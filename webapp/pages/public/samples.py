"""Invented contents for /components: a score, a queue, answers, messages."""

from types import SimpleNamespace as Sample
from typing import Any

PARTS = (
    *(("Topics", 33.0), ("Wishes", 10.0), ("Ways and style", 13.0), ("Life now", 8.0)),
    *(("Availability", 9.0), ("Interests", 4.0), ("Headroom", 2.5)),
)
QUEUE = (
    ("New requests", 7, False),
    ("Waiting over 5 days", 3, True),
    ("Offers out", 12, False),
    ("Concerns", 0, False),
)
ANSWERS = (("Name", "Robin", "#name"), ("Languages", "English, French", "#languages"), ("Interests", "", "#interests"))


def samples() -> dict[str, list[Any]]:
    """Return what the sample page shows, by macro."""
    return {
        "bar": [Sample(label=label, points=points) for label, points in PARTS],
        "queue": [
            Sample(label=label, count=count, late=late, href=f"#{number}", here=number == 0)
            for number, (label, count, late) in enumerate(QUEUE)
        ],
        "summary": [Sample(label=label, value=value, href=href) for label, value, href in ANSWERS],
    }
