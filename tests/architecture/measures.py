"""How large the rooms are, as docs/architecture.md shows it: python -m tests.architecture.measures."""

import statistics
from collections import Counter

from tests.architecture.house import ROOT, functions, python_files


def measured(package: str) -> str:
    """Say of a package how many modules there are and in the fullest folder, and how long its functions are."""
    paths = python_files(package)
    modules = Counter(path.parent for path in paths if path.name != "__init__.py")
    lengths = sorted(length for path in paths for _, length in functions(path))
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
    row = (
        f"`{package}/`",
        f"{modules.total()} in {len(modules)}",
        f"{max(modules.values())} ({modules.most_common(1)[0][0].relative_to(ROOT)})",
        f"{lines:,}",
        f"{statistics.median(lengths):.0f} / {lengths[int(0.9 * len(lengths))]} / {lengths[-1]}",
    )
    return f"| {' | '.join(row)} |"


if __name__ == "__main__":
    print("| | modules in folders | in the fullest | lines | functions: median / nine in ten / longest |")
    print("|---|---|---|---|---|")
    for room in ("matcher", "webapp", "tests"):
        print(measured(room))
