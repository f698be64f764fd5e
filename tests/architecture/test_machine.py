"""What make installs on a bare machine is all that the tests need of it; `make fresh` tries it on one."""

import re
import subprocess
from pathlib import Path

import playwright

ROOT = Path(__file__).parents[2]
ON_EVERY_DEBIAN = frozenset({"c", "m", "dl", "pthread", "stdc++", "gcc_s", "rt"})
"""Libraries that Python itself, or the tools that make needs, bring along."""
PACKAGES = {"atomic": "libatomic1"}


def test_make_installs_what_the_driver_of_the_browser_wants():
    node = Path(playwright.__file__).parent / "driver" / "node"
    said = subprocess.run(["ldd", node], check=True, capture_output=True, text=True).stdout
    wanted = set(re.findall(r"^\s+lib([\w+]+)\.so", said, re.M)) - ON_EVERY_DEBIAN
    (installed,) = re.findall(r"^BROWSER := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert {PACKAGES[library] for library in wanted} <= set(installed.split())
