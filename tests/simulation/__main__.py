"""Print what half a year of the invented programme would have been: python -m tests.simulation."""

import sys
from itertools import product

from tests.simulation.half_year import Desk, live

HEAD = (
    "the desk shows",
    "seed",
    "met",
    "asks",
    "in vain",
    "never shown",
    "starved",
    "waited",
    "longest",
    "reasons",
    "passed over",
)
SEEDS = (1, 2, 3)


def line(desk: Desk, seed: int) -> tuple[object, ...]:
    """Say what came of one way of deciding."""
    lived = live(desk, seed)
    in_vain = f"{lived.asked_in_vain} ({100 * lived.asked_in_vain / lived.asks:.1f} %)"
    waited = [days for days in lived.waits if days]
    return (
        desk, seed, lived.introduced, lived.asks, in_vain, len(lived.never_shown), len(lived.starved), len(waited),
        max(waited, default=0), lived.overrides, lived.passed_over,
    )  # fmt: skip


def main() -> int:
    """Print a line for each way of deciding."""
    sys.stdout.write(f"{HEAD[0]:<60}" + "".join(f"{one:>13}" for one in HEAD[1:]) + "\n")
    for desk, seed in product(Desk, SEEDS):
        name, *figures = line(desk, seed)
        sys.stdout.write(f"{name:<60}" + "".join(f"{one!s:>13}" for one in figures) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
