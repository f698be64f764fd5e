"""Load a questionnaire from its TOML file and check it whole. The shape is in schema.py."""

import re
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, Phrase, Place, Refused, reason_of
from matcher.questionnaire.checks import check
from matcher.questionnaire.locations import fault_of_error
from matcher.questionnaire.schema import Question, Questionnaire

__all__ = ["DEFAULT", "Question", "Questionnaire", "load"]

DEFAULT = Path(__file__).parent / "recovery.toml"
LARGEST_FILE = 4 * 1024 * 1024


def load(path: Path | str = DEFAULT) -> Questionnaire:
    """Load a questionnaire and check it whole.

    Raises Refused with every fault: its file, the ids of question and option, the line where it can be found, and
    what to do.
    """
    path = Path(path)
    text = read_toml_text(path)
    raw = parse_toml(path, text)
    try:
        questionnaire = Questionnaire.model_validate(raw)
    except ValidationError as errors:
        faults = [fault_of_error(path.name, text, raw, error) for error in errors.errors()]
        raise Refused([*faults, *_faults_of_the_sound(path.name, text, raw, errors)]) from None
    faults = check(questionnaire, path.name, text)
    if faults:
        raise Refused(faults)
    return with_borrowed_options(questionnaire)


def _faults_of_the_sound(name: str, text: str, raw: Mapping[str, Any], errors: ValidationError) -> list[Fault]:
    """Check the questions that have a shape, so that one pass finds all; what names a broken one is left for later."""
    at = [error["loc"] for error in errors.errors()]
    broken = {loc[1] for loc in at if len(loc) > 1 and loc[0] == "question"}
    if not broken or any(loc[0] != "question" for loc in at if loc):
        return []
    sound = [question for number, question in enumerate(raw["question"]) if number not in broken]
    lost = [question["id"] for question in raw["question"] if question not in sound and "id" in question]
    blanked = _without_blocks(text, broken)
    whole = Questionnaire.model_validate({**raw, "question": sound}) if sound else None
    faults = check(whole, name, blanked) if whole else []
    return [fault for fault in faults if not any(value in lost for value in fault.values.values())]


def _without_blocks(text: str, numbers: AbstractSet[Any]) -> str:
    """Blank the headers of some [[question]] blocks: the others keep their lines and are counted without them."""
    count = iter(range(text.count("[[")))

    def blank(header: re.Match[str]) -> str:
        return "# " + header[0] if next(count) in numbers else header[0]

    return re.sub(r"(?m)^[ \t]*\[\[\s*question\s*\]\]", blank, text)


def with_borrowed_options(questionnaire: Questionnaire) -> Questionnaire:
    """Give each question that takes its options from another the options of that one."""
    return questionnaire.remade(question=tuple(map(questionnaire.borrow, questionnaire.question)))


def read_toml_text(path: Path) -> str:
    """Read a small UTF-8 file, with or without a byte order mark. Raises Refused."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused([Fault(path.name, "file.too_large")])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused([Fault(str(path), "file.cannot_be_read", reason=reason_of(error))]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Refused([Fault(Place(path.name, line=line), "file.not_utf8")]) from None


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """Parse TOML, with decimals kept exactly as written. Raises Refused."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refused([Fault(path.name, "file.not_toml", error=Phrase.of("in_english", words=str(error)))]) from None
    except (ValueError, ArithmeticError, RecursionError):
        raise Refused([Fault(path.name, "file.beyond_toml")]) from None
