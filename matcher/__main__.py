"""Run the command line: python -m matcher. What it prints is UTF-8, whatever the machine's own setting."""

import io
import os
import sys

from matcher.cli.main import main

NOWHERE = os.open(os.devnull, os.O_WRONLY)


def run() -> int:
    """Run main with streams that can take every text, and leave nothing for the interpreter to flush at its end."""
    sys.stdout = sys.stdout or os.fdopen(os.dup(NOWHERE), "w")
    sys.stderr = sys.stderr or os.fdopen(os.dup(NOWHERE), "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = main()
    try:
        sys.stdout.flush()
    except OSError:  # a closed pipe or a full disk, which main has told; the interpreter would tell it again
        os.dup2(NOWHERE, sys.stdout.fileno())
    return code


sys.exit(run())
