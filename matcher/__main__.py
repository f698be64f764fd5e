"""Run the command line: python -m matcher. What it prints is UTF-8, whatever the machine's own setting."""

import io
import sys

from matcher.cli import main

for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8")

sys.exit(main())
