"""Where a fault of a questionnaire file stands: its ids and its line. TOML parsers tell no lines: they are searched."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from matcher.refusals import Fault

_QUESTION = re.compile(r"^\s*\[\[\s*question\s*\]\]", re.MULTILINE)


def place(name: str, text: str, question: int | None, *ids: str, key: str | None = None) -> str:
    """Name a place in the file: line (where it can be found), then the ids of question and option."""
    line = _line(text, question, ids, key)
    said = [f"{kind} {identity!r}" for kind, identity in zip(("question", "option"), ids, strict=False)]
    return " ".join([name, *([f"line {line}"] if line else []), *said])


def _line(text: str, question: int | None, ids: Sequence[str], key: str | None) -> int | None:
    start, end = _block(text, question)
    if start is None:
        return None
    position = start
    for identity in ids[1:]:
        position = _after(text, rf"""\bid\s*=\s*["']{re.escape(identity)}["']""", position, end)
    if key:
        position = _after(text, rf"(?:\b{re.escape(key)}\b|\[question\.{re.escape(key)}\])", position, end)
    return text.count("\n", 0, position) + 1


def _block(text: str, question: int | None) -> tuple[int | None, int]:
    if question is None:
        return 0, len(text)
    starts = [found.end() for found in _QUESTION.finditer(text)]
    if question >= len(starts):
        return None, 0
    return starts[question], starts[question + 1] if question + 1 < len(starts) else len(text)


def _after(text: str, pattern: str, start: int, end: int) -> int:
    found = re.compile(pattern).search(text, start, end)
    return found.start() if found else start


def fault_of_error(name: str, text: str, raw: Mapping[str, Any], error: Mapping[str, Any]) -> Fault:
    """Say in plain words, with place and remedy, what the shape check found."""
    trail = list(error["loc"])
    question = trail[1] if trail[:1] == ["question"] and len(trail) > 1 else None
    ids = _ids_on(raw, trail)
    keys = [step for step in trail if isinstance(step, str) and step != "question"]
    problem, remedy = _in_words(error, keys)
    return Fault(place(name, text, question, *ids, key=keys[-1] if keys else None), problem, remedy)


def _ids_on(raw: Any, trail: Sequence[str | int]) -> list[str]:
    ids = []
    for step in trail:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and isinstance(raw, dict):
            ids.append(str(raw.get("id", f"number {step + 1}")))
    return ids


def _in_words(error: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, str]:
    key = keys[-1] if keys else "the file"
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
