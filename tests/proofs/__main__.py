"""Try every proof, print its figure and keep it in docs/proofs.md: `make figures`, and `make drill` for the long ones.

With ids, only those are tried and renewed: python -m tests.proofs A1 C3 --long.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.proofs.counts import Count
from tests.proofs.listed import Proof, faults, proofs

PAGE = Path("docs/proofs.md")
SECTIONS = {False: "make figures", True: "make drill"}
HEAD = "| id | what | tried | failures | seconds | note |\n|---|---|--:|--:|--:|---|\n"


def main() -> int:
    """Count, print, keep; exit 1 where anything failed."""
    asked = _asked()
    chosen = [proof for proof in proofs() if proof.id in asked.ids or not asked.ids]
    chosen = [proof for proof in chosen if asked.ids or asked.long or not proof.only_long]
    lines, failed = [], False
    for proof in chosen:
        begun = time.perf_counter()
        count = proof.count(long=asked.long)
        lines.append(_line(proof, count, time.perf_counter() - begun))
        failed |= count.failures > 0
        sys.stdout.write(lines[-1])
        sys.stdout.flush()
    keep(SECTIONS[asked.long], HEAD + _renewed(SECTIONS[asked.long], lines))
    keep("Faults that were found, and their tests", _told_faults())
    return int(failed)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try what the project says of itself, and count.")
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--long", action="store_true", help="try more of everything, for many minutes")
    return parser.parse_args()


def _line(proof: Proof, count: Count, seconds: float) -> str:
    return f"| {proof.id} | {proof.what} | {count.tried:,} | {count.failures:,} | {seconds:.1f} | {count.note} |\n"


def _renewed(section: str, lines: list[str]) -> str:
    """Put new lines in the place of those before with the same ids, in the order of the list."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {section} -->\n")
    before = [f"{line}\n" for line in rest.partition("<!-- end -->")[0].splitlines()[2:]]
    by_id = {line.split("|")[1].strip(): line for line in (*before, *lines)}
    return "".join(by_id[proof.id] for proof in proofs() if proof.id in by_id)


def _told_faults() -> str:
    rows = (f"| {one.id} | {one.what} | {'<br>'.join(f'`{test}`' for test in one.tests)} |\n" for one in faults())
    return "| id | what was seen | tests that hold it |\n|---|---|---|\n" + "".join(rows)


def keep(section: str, text: str) -> None:
    """Put a text between the two marks of a section of the page, and leave the rest as it is."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(f"<!-- {section} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    if not begin or not end:
        raise ValueError(f"{PAGE} has no section between <!-- {section} --> and <!-- end -->")
    PAGE.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
