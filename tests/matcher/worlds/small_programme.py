"""A small invented programme as text: questions, weights and sheets, for the tests of loaders and command line.

Every kind and every rule stands in it once; its labels hold no digits, so that a number in a text is not hers.
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

from matcher.errors import Fault, Refused
from matcher.questionnaire.loading import with_borrowed_options
from matcher.questionnaire.schema import Questionnaire

QUESTIONS = """\
id = "small"
version = 7
languages = ["en", "fr"]
card = "card"
never_ask = [{en = "Your address", fr = "Votre adresse"}]

[[screen]]
id = "hers"
label = {en = "You", fr = "Vous"}

[[question]]
id = "adult"
kind = "yes_no"
asked = "requester"
screen = "hers"
must_be = "yes"
label = {en = "Are you an adult?", fr = "Êtes-vous adulte?"}
why = {en = "We meet adults.", fr = "Nous voyons des adultes."}

[[question]]
id = "tongues"
kind = "choices"
asked = "both"
label = {en = "Languages", fr = "Langues"}
options = [
  {id = "english", label = {en = "English", fr = "anglais"}},
  {id = "french", label = {en = "French", fr = "français"}},
  {id = "ojibwe", label = {en = "Ojibwe", fr = "ojibwé"}},
]
[question.match]
rule = "gate:any_shared"

[[question]]
id = "ways"
kind = "choices"
asked = "both"
label = {en = "Ways to talk", fr = "Façons de parler"}
options = [
  {id = "chat", label = {en = "chat", fr = "clavardage"}},
  {id = "phone", outside = true, label = {en = "telephone", fr = "téléphone"}},
]
[question.match]
rule = "gate:any_shared"

[[question]]
id = "hours"
kind = "availability"
asked = "both"
label = {en = "Good times", fr = "Bons moments"}
options = [
  {id = "evening", hours = "Mon-Fri 18:00-21:00", label = {en = "evenings", fr = "soirs"}},
  {id = "weekend", hours = "Sat-Sun 10:00-16:00", label = {en = "weekends", fr = "fins de semaine"}},
]
[question.match]
rule = "gate:overlap"
part = "availability"

[[question]]
id = "topics"
kind = "choices"
asked = "both"
stars = 2
sensitive = true
label = {en = "Support with", fr = "Soutien"}
options = [
  {id = "alcohol", family = "substances", label = {en = "wine and beer", fr = "vin et bière"}},
  {id = "drugs", family = "substances", label = {en = "pills", fr = "pilules"}},
  {id = "grief", label = {en = "mourning", fr = "deuil"}},
  {id = "moving", label = {en = "a new town", fr = "une nouvelle ville"}},
]
[question.supporter]
label = {en = "Lived", fr = "Vécu"}
[question.words]
shared = {en = "She has lived: {options}.", fr = "Elle a vécu : {options}."}
[question.match]
rule = "coverage"
part = "topics"

[[question]]
id = "stage"
kind = "scale"
asked = "both"
label = {en = "Where you are", fr = "Où vous en êtes"}
options = [
  {id = "starting", label = {en = "starting", fr = "au début"}},
  {id = "steady", label = {en = "steady", fr = "stable"}},
  {id = "helping", label = {en = "helping", fr = "aidante"}},
]
[question.match]
rule = "closeness"
part = "life"
at_least = true

[[question]]
id = "faith"
kind = "choice"
asked = "both"
sensitive = true
label = {en = "Faith", fr = "Foi"}
options = [
  {id = "cedar", label = {en = "the cedar way", fr = "la voie du cèdre"}},
  {id = "river", label = {en = "the river way", fr = "la voie du fleuve"}},
]
[question.match]
rule = "none"

[[question]]
id = "wants"
kind = "wishes"
asked = "requester"
label = {en = "Wishes", fr = "Souhaits"}
options = [
  {id = "same_faith", of = "faith", label = {en = "same faith", fr = "même foi"}},
  {id = "near", of = "stage", within = 1, label = {en = "near", fr = "proche"}},
  {id = "mourned", of = "topics", has = "grief", label = {en = "a mourner", fr = "une endeuillée"}},
]
[question.match]
rule = "wishes"
part = "wishes"

[[question]]
id = "apart"
kind = "yes_no"
asked = "requester"
label = {en = "Another town?", fr = "Une autre ville?"}

[[question]]
id = "town"
kind = "text"
asked = "both"
sensitive = true
label = {en = "Town", fr = "Ville"}
[question.match]
rule = "gate:differs"
when = "apart"

[[question]]
id = "not_now"
kind = "choices"
asked = "both"
sensitive = true
label = {en = "Not now", fr = "Pas maintenant"}
[question.match]
rule = "gate:excludes"
with = "topics"

[[question]]
id = "months_steady"
kind = "months"
asked = "supporter"
label = {en = "Steady for", fr = "Stable depuis"}
[question.match]
rule = "gate:steady"
with = "topics"

[[question]]
id = "spare"
kind = "number"
asked = "supporter"
label = {en = "Spare time", fr = "Temps libre"}

[[question]]
id = "pastimes"
kind = "choices"
asked = "both"
most = 2
label = {en = "Pastimes", fr = "Loisirs"}
options = [
  {id = "music", label = {en = "music", fr = "musique"}},
  {id = "walks", label = {en = "walks", fr = "marche"}},
  {id = "books", label = {en = "books", fr = "lecture"}},
]
[question.match]
rule = "coverage"
part = "interests"
rarity = false

[[question]]
id = "card"
kind = "choices"
asked = "supporter"
label = {en = "Your card", fr = "Votre carte"}
options = [
  {id = "show_topics", of = "topics", label = {en = "lived", fr = "vécu"}},
  {id = "show_faith", of = "faith", label = {en = "faith", fr = "foi"}},
]
"""

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


def well_said(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """See that each fault reads "place: what is wrong. What to do about it." and give them back."""
    told = tuple(faults)
    for fault in told:
        assert re.fullmatch(r"[a-z0-9'\"].*[^.]", fault.problem, re.DOTALL), fault.problem
        assert re.fullmatch(r"[A-Z0-9].*[.?\"]", fault.remedy, re.DOTALL), fault.remedy
        assert not fault.remedy.isupper(), fault.remedy
    return told
