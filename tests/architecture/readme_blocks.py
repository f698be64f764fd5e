"""The printed blocks of the README and of how-matching-works: what command fills each, and how they are written anew.

Run `python -m tests.architecture.readme_blocks` after a change that alters what the demo prints.
"""

import re
import subprocess
import sys

from tests.architecture.house import ROOT

SEEDS = ["--offers", "seeds/supporters.csv", "--needs", "seeds/requests.csv", "--on", "2026-11-23"]
PAIR = [*SEEDS, "--need", "r02", "--offer", "s31"]
README, MATCHING = ROOT / "README.md", ROOT / "docs" / "how-matching-works.md"
PAGE_OF = {"demo:rank": README, "demo:requester": MATCHING, "demo:coordinator": MATCHING}


def run(*arguments: str) -> str:
    """Run the command line and return what it printed."""
    command = [sys.executable, "-m", "matcher", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.rstrip("\n")


def printed() -> dict[str, str]:
    """Run every command that the README shows."""
    ranking = run("rank", *SEEDS, "--top", "3")
    (mara,) = re.findall(r"^Request r02.*?(?=\n\n)", ranking, re.DOTALL | re.MULTILINE)
    return {
        "demo:rank": mara,
        "demo:requester": run("explain", *PAIR, "--voice", "requester"),
        "demo:coordinator": run("explain", *PAIR),
    }


def block(page: str, name: str) -> str:
    """Return what a page shows under a name."""
    found = re.search(rf"<!-- {name} -->\n```\n(.*?)```\n<!-- end -->", page, re.DOTALL)
    assert found, f"there is no block {name}"
    return found[1].rstrip("\n")


def filled(page: str, name: str, text: str) -> str:
    """Return the page with a block replaced."""
    written = f"<!-- {name} -->\n```\n{text}\n```\n<!-- end -->"
    return re.sub(rf"<!-- {name} -->\n```\n.*?```\n<!-- end -->", lambda _: written, page, flags=re.DOTALL)


if __name__ == "__main__":
    for name, text in printed().items():
        page = PAGE_OF[name].read_text(encoding="utf-8")
        PAGE_OF[name].write_text(filled(page, name, text), encoding="utf-8")
