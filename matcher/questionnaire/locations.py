"""Where a fault of a questionnaire file stands: its ids and its line. TOML parsers tell no lines: they are searched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcher.errors import Fault, Phrase, Place, phrase_of

TABLES = ("question", "screen")


@dataclass(frozen=True)
class Spot:
    """A place inside a file: the table (question or screen) and its number, the option, the keys that lead on."""

    table: str | None = None
    number: int = 0
    identity: str | Phrase | None = None
    option: str | Phrase | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A fault before its line is known: its key with values, and where in a question or the file it stands."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    option: str | None = None
    keys: tuple[str, ...] = ()
    screen: int | None = None

    def at(self, place: Place) -> Fault:
        """Return the fault, now that its place is known."""
        return Fault(place, self.key, **self.values)


def place(name: str, text: str, spot: Spot) -> Place:
    """Name a spot: line (where it can be found), then the ids of question or screen, and option."""
    parts = {"line": _line(text, spot), **({spot.table: spot.identity} if spot.table else {}), "option": spot.option}
    return Place(name, **{word: value for word, value in parts.items() if value})


def _line(text: str, spot: Spot) -> int | None:
    start, end = _block(text, spot)
    if start is None:
        return None
    position = start
    if isinstance(spot.option, str):
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
    finding = _finding_of(error, str(error["loc"][-1]) if error["loc"] else Phrase.of("the_file"))
    return finding.at(place(name, text, spot))


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


def _identity(bearer: Any, number: int) -> str | Phrase:
    has_one = isinstance(bearer, dict) and "id" in bearer
    return str(bearer["id"]) if has_one else Phrase.of("number", number=number + 1)


def _finding_of(error: Mapping[str, Any], key: str | Phrase) -> Finding:
    match error["type"]:
        case "extra_forbidden":
            return Finding("shape.key_not_known", {"key": key})
        case "missing":
            return Finding("shape.key_missing", {"key": key})
        case "union_tag_invalid":
            return Finding("shape.no_such_rule", {"rule": error["ctx"]["tag"], "rules": error["ctx"]["expected_tags"]})
        case "union_tag_not_found":
            return Finding("shape.rule_missing")
        case "literal_error":
            known = _known_in(error["ctx"]["expected"])
            return Finding("shape.not_one_of", {"key": key, "value": _as_text(error["input"]), "known": known})
        case "string_pattern_mismatch":
            return Finding("shape.not_an_id", {"value": error["input"]})
        case _:
            return Finding("shape.bad_value", {"key": key, "problem": problem_of(error)})


def _known_in(expected: str) -> list[str]:
    return re.findall("'([^']*)'", expected)


def _as_text(value: Any) -> Any:
    """Return a text to be quoted, or what else was found as it is written in Python."""
    return value if isinstance(value, str) else Phrase.of("as_it_is", value=repr(value))


def problem_of(error: Mapping[str, Any]) -> Phrase:
    """Say what the shape check found wrong with a value; in its own words what has none here."""
    values = dict(error.get("ctx", {}))
    if error["type"] == "literal_error":
        values = {"known": _known_in(values["expected"])}
    return phrase_of(error["type"], str(error["msg"]).lower(), **values)
