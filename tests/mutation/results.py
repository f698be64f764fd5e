"""What became of the mutants, told as a table."""

import json
from collections import Counter, defaultdict
from pathlib import Path

from tests.mutation.sampling import module_of, wilson

Results = dict[str, tuple[int | None, float]]
"""What the process of each mutant ended with, None where no test reaches it, and after how many seconds."""

KILLED, SURVIVED, TIMEOUT, NOT_COVERED = "killed", "survived", "timeout", "not covered"
FATES = (KILLED, TIMEOUT, SURVIVED, NOT_COVERED)
STOPPED_BY_ITS_CLOCK = -14


def mutants_made(folder: Path) -> list[str]:
    """Return the names of all mutants, from the notes that mutmut keeps beside each mutated file."""
    notes = sorted(folder.glob("matcher/**/*.meta"))
    return sorted(name for file in notes for name in json.loads(file.read_text("utf-8"))["exit_code_by_key"])


def fate(ended: int | None) -> str:
    """Say what became of a mutant. One that brings its process down is noticed too."""
    known = {None: NOT_COVERED, 0: SURVIVED, STOPPED_BY_ITS_CLOCK: TIMEOUT}
    return known.get(ended, KILLED)


def told(results: Results) -> str:
    """Name every mutant that was not killed, with what became of it and its seconds."""
    lines = [f"{fate(ended)} {name} {seconds:.0f} s" for name, (ended, seconds) in results.items()]
    return "".join(f"{line}\n" for line in sorted(lines) if not line.startswith(KILLED))


def report(results: Results, made: int) -> str:
    """Lay out the fates by module, and the score of all with its interval."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    for name, (ended, _) in results.items():
        by_module[module_of(name)][fate(ended)] += 1
    total = sum(by_module.values(), Counter[str]())
    low, high = wilson(_noticed(total), total.total())
    lines = [
        "| module | mutants | killed | timeout | survived | not covered | score |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(module.removeprefix("matcher."), fates) for module, fates in sorted(by_module.items())),
        _row("all", total),
        "",
        f"{total.total():,} of {made:,} mutants: {_share(total)}, 95 % interval (Wilson) {low:.1%} to {high:.1%}",
    ]
    return "\n".join([*lines, ""])


def _row(name: str, fates: Counter[str]) -> str:
    cells = [name, f"{fates.total():,}", *(f"{fates[one]:,}" for one in FATES), _share(fates)]
    return f"| {' | '.join(cells)} |"


def _noticed(fates: Counter[str]) -> int:
    return fates[KILLED] + fates[TIMEOUT]


def _share(fates: Counter[str]) -> str:
    return f"{_noticed(fates) / fates.total():.1%}"
