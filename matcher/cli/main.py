"""The command line. One document on stdout, faults and times on stderr. Each command is a module of this folder.

Exit codes: 0 done, 1 the input was refused, 2 wrong usage.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from matcher import backends
from matcher.cli import change, check, explain, profiles, rank, replay, round, supply, verify
from matcher.errors import Refused

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
MOST_FAULTS_SHOWN = 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    started = time.perf_counter()
    try:
        said = options.run(options)
    except Refused as refused:
        return _refuse(refused)
    if backends.note():
        print(f"note: {backends.note()}", file=sys.stderr)
    try:
        _write(said)
    except BrokenPipeError:
        return DONE
    except OSError as error:
        print(f"refused: the output cannot be written ({error.strerror}). Make room and try again.", file=sys.stderr)
        return REFUSED
    print(f"{time.perf_counter() - started:.2f} s", file=sys.stderr)
    return DONE


def _write(said: str | bytes) -> None:
    if isinstance(said, str):
        print(said, flush=True)
    else:
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()


def _refuse(refused: Refused) -> int:
    for fault in refused.faults[:MOST_FAULTS_SHOWN]:
        print(f"refused: {fault}", file=sys.stderr)
    count = len(refused.faults)
    more = f"; the first {MOST_FAULTS_SHOWN} are listed" if count > MOST_FAULTS_SHOWN else ""
    print(f"{count} {'fault' if count == 1 else 'faults'}; nothing was done{more}.", file=sys.stderr)
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        allow_abbrev=False, prog="python -m matcher", description="Match peer supporters and requests, and say why."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (check, profiles, rank, explain, round, change, verify, supply, replay):
        command.add(commands)
    return parser
