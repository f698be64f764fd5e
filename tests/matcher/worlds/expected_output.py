"""Whole outputs of every command on two small programmes.

`python -m tests.matcher.worlds.expected_output` writes them anew.

Read the difference before you commit it: that is what people and programs will see.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher import __version__
from tests.matcher.worlds.commands import given, inside, write_programme
from tests.matcher.worlds.streams import ANNA, BEA, THREE, arguments, write_stream

EXPECTED = Path(__file__).parents[1] / "expected"
VERSION = re.escape(__version__)
CHANGES = re.compile(rf'(?<=engine ){VERSION}|(?<="engine": "){VERSION}|(?<=zones )[\w.]+|\w+(?= way\n)')
"""What differs between releases and machines: the versions of engine and zones, and the way that rounds go."""
TRIED = ("--try-pin", "r1=zoe", "--try-forbid", "r1=anna", "--try-swap", "r1", "r2")
POLICIES = ("--policy", "weekly", "--compare", "on-arrival", "daily:floor=20,objective=most,patience=2,lasts=3")
DRAWN = ("--decline-rate", "0.3", "--expire-rate", "0.2", "--patience", "1-3", "--seed", "5")


def _on_the_programme(*asked: str) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        return inside(*given(write_programme(folder), *asked)).out

    return run


def _replay(*asked: str) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        return inside(*arguments(write_stream(folder, THREE, [ANNA, BEA]), *POLICIES, *DRAWN, *asked)).out

    return run


def _plot(folder: Path) -> str:
    _replay("--plot", str(folder / "plot.svg"))(folder)
    return (folder / "plot.svg").read_text(encoding="utf-8")


def _explain(voice: str, language: str, offer: str) -> Callable[[Path], str]:
    asked = "--need", "r1", "--offer", offer, "--voice", voice, "--language", language
    return _on_the_programme("explain", *asked)


OUTPUTS: Mapping[str, Callable[[Path], str]] = {
    "check.txt": _on_the_programme("check", "--dry-run"),
    **{f"rank.{form}": _on_the_programme("rank", "--excluded", "--format", form) for form in ("table", "csv", "json")},
    **{f"round.{form}": _on_the_programme("round", "--format", form) for form in ("table", "csv", "json")},
    **{f"supply.{form}": _on_the_programme("supply", "--format", form) for form in ("table", "csv", "json")},
    **{
        f"supply-{need}.{form}": _on_the_programme("supply", "--need", need, "--format", form)
        for need in ("r1", "r3")
        for form in ("table", "csv", "json")
    },
    **{f"change.{form}": _on_the_programme("change", *TRIED, "--format", form) for form in ("table", "csv", "json")},
    **{
        f"explain-{offer}-{voice}-{language}.txt": _explain(voice, language, offer)
        for offer in ("anna", "zoe", "away")
        for voice, language in (("requester", "en"), ("supporter", "fr"), ("coordinator", "en"), ("coordinator", "fr"))
        if voice == "coordinator" or offer != "away"
    },
    **{f"replay.{form}": _replay("--format", form) for form in ("table", "csv", "json")},
    "replay-runs.table": _replay("--runs", "3"),
    "replay.svg": _plot,
}


def output(name: str, folder: Path) -> str:
    """Give a whole output, with a star for what differs between releases and machines."""
    return CHANGES.sub("*", OUTPUTS[name](folder))


def main() -> None:
    """Write what every output is now."""
    EXPECTED.mkdir(exist_ok=True)
    for name in OUTPUTS:
        with TemporaryDirectory() as folder:
            (EXPECTED / name).write_text(output(name, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
