"""A small invented programme as text: questions, weights and sheets, for the tests of loaders and command line.

Every kind and every rule stands once in its questionnaire, the file beside this one; its labels hold no digits, so that
a number in a text is not hers.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import Fault, Refused, say
from matcher.questionnaire.loading import with_borrowed_options
from matcher.questionnaire.schema import Questionnaire

QUESTIONS = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
"""The text of its questionnaire."""

MORE = """
[[question]]
id = "more"
kind = "%s"
asked = "%s"
label = {en = "More", fr = "Plus"}
[question.match]
rule = "%s"
%s
"""
"""What is added to a questionnaire: kind, asked, rule and its keys are to be filled in."""

EXAMPLE = """\
id = "recovery"
version = 3
languages = ["en", "fr"]

[[question]]
id = "topics"
kind = "choices"               # choice | choices | scale | availability | number | text | yes_no
asked = "both"                 # requester | supporter | both
screen = "support"
label = {en = "What would you like support with?", fr = "..."}
why = {en = "So that we look for someone who has lived it.", fr = "..."}   # shown beside the question
stars = 3                      # she may mark up to three that matter most
sensitive = true
options = [
  {id = "alcohol", label = {en = "Alcohol", fr = "Alcool"}, family = "substances"},
]
[question.match]
part = "topics"                # the part of the score that it feeds
rule = "coverage"              # see section 5
"""
"""The example of the design, section 4."""

WEIGHTS = """\
version = "autumn"
owner = "The board"
reason = "A trial."

[parts]
topics = 3
wishes = 2.5
life = 1
availability = 1
interests = 0.5
headroom = 1
"""

SUPPORTER = {
    "id": "s1", "tongues": "english", "ways": "chat; phone", "hours": "evening", "topics": "alcohol; grief",
    "months_steady": "alcohol=24; grief=60", "stage": "helping", "time_zone": "America/Toronto",
}  # fmt: skip
REQUEST = {
    "id": "r1", "tongues": "english", "ways": "chat", "hours": "Mon 18:00-21:00", "topics": "alcohol*",
    "stage": "starting", "time_zone": "America/Toronto",
}  # fmt: skip


@cache
def questionnaire() -> Questionnaire:
    """Give the small questionnaire without a file."""
    return with_borrowed_options(Questionnaire.model_validate(tomllib.loads(QUESTIONS, parse_float=Decimal)))


def changed(old: str, new: str, text: str = QUESTIONS) -> str:
    """Replace what stands once in a text."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file as it is, without touching its line ends."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def supporter(**cells: str) -> dict[str, str]:
    """Give one row of a supporters' sheet: the usual one with other cells."""
    return {**SUPPORTER, **cells}


def request(**cells: str) -> dict[str, str]:
    """Give one row of a requests' sheet: the usual one with other cells."""
    return {**REQUEST, **cells}


def sheet(*people: Mapping[str, str], delimiter: str = ",", columns: list[str] | None = None) -> str:
    """Write rows as a sheet, its columns in the order in which they come up unless said otherwise."""
    columns = columns or list(dict.fromkeys(column for person in people for column in person))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    writer.writerows([columns, *([person.get(column, "") for column in columns] for person in people)])
    return written.getvalue()


def faults_of(act: Callable[[], Any]) -> tuple[Fault, ...]:
    """Give the faults with which an act is refused."""
    with pytest.raises(Refused) as refused:
        act()
    return well_said(refused.value.faults)


LEFT_OVER = re.compile(r"{\w+(?:!\w)?(?::\w+)?}")
"""A value that was not filled in."""


def well_said(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """See that each fault reads "place: what is wrong. What to do about it.", also in French, and give them back."""
    told = tuple(faults)
    for fault in told:
        assert re.fullmatch(r"[a-z0-9'\"].*[^.]", fault.problem, re.DOTALL), fault.problem
        assert re.fullmatch(r"[A-Z0-9].*[.?\"]", fault.remedy, re.DOTALL), fault.remedy
        assert not fault.remedy.isupper(), fault.remedy
        for what, english in (("problem", fault.problem), ("remedy", fault.remedy)):
            french = say(fault.key, what, fault.values, "fr")
            assert french != english
            assert set(re.findall(LEFT_OVER, french)) <= set(re.findall(LEFT_OVER, str(fault.values))), french
        assert fault.say("fr").startswith(fault.where.say("fr"))
    return told
