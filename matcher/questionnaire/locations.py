"""Where a fault of a questionnaire file stands: its ids and its line. TOML parsers tell no lines: they are searched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.errors import Fault

TABLES = ("question", "screen")


@dataclass(frozen=True)
class Spot:
    """A place inside a file: the table (question or screen) and its number, the option, the keys that lead on."""

    table: str | None = None
    number: int = 0
    identity: str | None = None
    option: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A fault before its line is known."""

    problem: str
    remedy: str
    option: str | None = None
    keys: tuple[str, ...] = ()
    screen: int | None = None


def place(name: str, text: str, spot: Spot) -> str:
    """Name a spot: line (where it can be found), then the ids of question or screen, and option."""
    line = _line(text, spot)
    said = [f"{spot.table} {spot.identity!r}"] if spot.table and spot.identity else []
    said += [f"option {spot.option!r}"] if spot.option else []
    return " ".join([name, *([f"line {line}"] if line else []), *said])


def _line(text: str, spot: Spot) -> int | None:
    start, end = _block(text, spot)
    if start is None:
        return None
    position = start
    if spot.option:
        position = _after(text, rf"""\bid\s*=\s*["']{re.escape(spot.option)}["']""", position, end)
    for key in spot.keys:
        position = _after(text, rf"(?m)(?:^\s*|[{{,]\s*|\[question\.)(?={re.escape(key)}\s*[=.\]])", position, end)
    return text.count("\n", 0, position) + 1


def _block(text: str, spot: Spot) -> tuple[int | None, int]:
    if spot.table is None:
        return 0, len(text)
    headers = list(re.finditer(r"^\s*\[\[\s*(\w+)\s*\]\]", text, re.MULTILINE))
    starts = [(header[1], header.end()) for header in headers]
    mine = [number for number, (table, _) in enumerate(starts) if table == spot.table]
    if spot.number >= len(mine):
        return None, 0
    following = mine[spot.number] + 1
    return starts[mine[spot.number]][1], starts[following][1] if following < len(starts) else len(text)


def _after(text: str, pattern: str, start: int, end: int) -> int:
    found = re.compile(pattern).search(text, start, end)
    return found.end() if found else start


def fault_of_error(name: str, text: str, raw: Mapping[str, Any], error: Mapping[str, Any]) -> Fault:
    """Say in plain words, with place and remedy, what the shape check found."""
    spot = _spot_of(raw, list(error["loc"]))
    problem, remedy = _in_words(error, str(error["loc"][-1]) if error["loc"] else "the file")
    return Fault(place(name, text, spot), problem, remedy)


def _spot_of(raw: Mapping[str, Any], trail: Sequence[str | int]) -> Spot:
    if len(trail) < 2 or trail[0] not in TABLES or not isinstance(trail[1], int):
        return Spot(keys=tuple(step for step in trail[:1] if isinstance(step, str)))
    table, number, *inner = trail
    bearer = raw[str(table)][number]
    option = None
    if len(inner) > 1 and inner[0] == "options" and isinstance(inner[1], int):
        option, inner = _identity(bearer["options"][inner[1]], inner[1]), inner[2:]
    keys = tuple(step for step in inner if isinstance(step, str) and ":" not in step)
    found_by_id = option is not None and keys == ("id",)
    return Spot(str(table), int(number), _identity(bearer, int(number)), option, () if found_by_id else keys)


def _identity(bearer: Any, number: int) -> str:
    return str(bearer.get("id", f"number {number + 1}")) if isinstance(bearer, dict) else f"number {number + 1}"


def _in_words(error: Mapping[str, Any], key: str) -> tuple[str, str]:
    match error["type"]:
        case "extra_forbidden":
            return f"the key {key!r} is not known", "Take it out, or correct its spelling."
        case "missing":
            return f"the key {key!r} is missing", f"Add {key} = ..."
        case "union_tag_invalid":
            return f"the rule {error['ctx']['tag']!r} is not known", f"Use one of {error['ctx']['expected_tags']}."
        case "union_tag_not_found":
            return "the rule is missing", 'Add rule = "..." under [question.match].'
        case "literal_error":
            return f"{key} is {error['input']!r}", f"Use one of {error['ctx']['expected']}."
        case "string_pattern_mismatch":
            return f"{error['input']!r} cannot be an id", "Use letters, digits and _; no ; * = and not only a dash."
        case _:
            return f"{key}: {error['msg'].lower()}", "Correct the value."
