"""Live three years and print what was asked and found: python -m tests.simulation.years 100000 --seed 7.

Exits with 1 where anything was broken, and tells the seed, the moment and what that person had done last.
"""

import argparse
import secrets
import sys

from tests.simulation.years.lived import live, told
from tests.simulation.years.living import THREE_YEARS


def main() -> int:
    """Live, and print the table."""
    asked = _asked()
    sys.stdout.write(f"seed {asked.seed}, {asked.events:,} events on {asked.days:,} days, {asked.database}\n")
    sys.stdout.flush()
    lived = live(asked.events, asked.days, asked.seed, asked.database)
    sys.stdout.write(told(lived))
    return int(lived.years.broken > 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Live years of the programme through its services.")
    parser.add_argument("events", type=int)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--days", type=int, default=THREE_YEARS)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
