"""Write an invented stream of requests, half a year long: python -m seeds.stream > seeds/stream.csv.

Each request takes how and when to meet from one row of requests.csv, and what it is about from another.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

REQUESTS = Path(__file__).parent / "requests.csv"
FIRST, WEEKS, SEED = date(2026, 5, 25), 26, 7
MEETING = ("languages", "modes", "availability", "safe_hours", "time_zone", "different_town", "town")
ABOUT = (
    *("topics", "stage", "ways", "support_kind", "life_now", "age_group", "wishes", "about_me", "culture", "faith"),
    *("rural", "not_now", "interests"),
)
BY_WEEKDAY = (1.5, 1.3, 1.2, 1.1, 0.9, 0.4, 0.6)
BY_MONTH = {5: 0.9, 6: 0.9, 7: 0.6, 8: 0.6, 9: 1.4, 10: 1.2, 11: 1.1}
A_DAY = 0.95
LEAVE_ON_THEIR_OWN = 0.06
ALIKE = 0.35
"""How often both rows are the same one, so that odd mixtures stay few."""


def requests(rows: list[dict[str, str]], draw: Random) -> Iterator[dict[str, str]]:
    """Invent requests day by day: fewer at weekends and in summer, some of whom write that they need it no more."""
    number = 0
    for day in (FIRST + timedelta(days=passed) for passed in range(7 * WEEKS)):
        for _ in range(_how_many(day, draw)):
            number += 1
            meeting = rows[int(draw.random() * len(rows))]
            about = meeting if draw.random() < ALIKE else rows[int(draw.random() * len(rows))]
            leaves = draw.random() < LEAVE_ON_THEIR_OWN
            left = day + timedelta(days=7 + int(draw.random() * 42)) if leaves else None
            yield {
                "id": f"q{number:03d}",
                **{column: meeting[column] for column in MEETING},
                **{column: about[column] for column in ABOUT},
                "arrived": day.isoformat(),
                "left": left.isoformat() if left else "",
            }


def _how_many(day: date, draw: Random) -> int:
    expected = A_DAY * BY_WEEKDAY[day.weekday()] * BY_MONTH[day.month]
    return sum(draw.random() < expected / 4 for _ in range(4))


def main() -> None:
    """Write the sheet."""
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    invented = list(requests(rows, Random(SEED)))  # noqa: S311  # invented people only
    writer = csv.DictWriter(sys.stdout, list(invented[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(invented)


if __name__ == "__main__":
    main()
