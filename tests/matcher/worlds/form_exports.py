"""The small programme as form tools would export it: labels for headings, labels for options, local dates."""

import random
from collections.abc import Callable, Mapping, Sequence

from matcher.questionnaire.answers import NONE_OF_THESE
from matcher.questionnaire.schema import Question, Side
from tests.matcher.worlds.small_programme import questionnaire

MAP = """\
dates = "dd/mm/yyyy"
must = ["Essential"]

[requester]
pass_over = ["Email address"]
[requester.columns]
id = ["First name", "Last name"]
waiting_since = "Timestamp"
[requester.constants]
time_zone = "America/Toronto"
[requester.options.adult]
"Certainly" = "yes"

[supporter]
pass_over = ["Timestamp"]
[supporter.columns]
id = ["First name", "Last name"]
trained_until = "Training lasts until"
capacity = "How many women?"
[supporter.constants]
time_zone = "America/Toronto"
"""


def label(question: Question, side: Side, language: str = "en") -> str:
    """Give the text by which this side is asked."""
    wording = question.supporter if side == "supporter" and question.supporter else question
    return wording.label[language]


def as_form(cells: Mapping[str, str], side: Side, draw: random.Random) -> dict[str, str]:
    """Write one row of the contract as a form tool would, with labels in either language and any case."""
    first, last = cells["id"].split(" ")
    row = {"First name": f" {first}", "Last name": f"{last}\xa0"}
    if side == "requester":
        year, month, day = cells["waiting_since"].split("-")
        row |= {"Timestamp": f"{day}/{month}/{year} 10:15:32", "Email address": f"{first}@example.org"}
    else:
        year, month, day = cells["trained_until"].split("-")
        row |= {"Timestamp": "23/11/2026", "Training lasts until": f"{int(day)}/{int(month)}/{year}"}
        row |= {"How many women?": cells["capacity"] + ".0"}
    for question in questionnaire().asked_of(side):
        if question.id in cells:
            row[label(question, side)] = _as_texts(question, cells[question.id], draw)
    return row


def _as_texts(question: Question, cell: str, draw: random.Random) -> str:
    if question.kind in ("text", "availability") or not cell:
        return cell
    if question.kind == "number":
        return cell.replace(".", ",")
    if cell == NONE_OF_THESE:
        return draw.choice(("None of these", NONE_OF_THESE, "Aucune de ces reponses"))
    if question.kind == "yes_no":
        return draw.choice({"yes": ("Yes", "OUI", "true", "1"), "no": ("No", "non", "FALSE", "0")}[cell])
    texts = [_as_text(question, item, draw) for item in cell.split("; ")]
    return _glue(texts, draw)


def _as_text(question: Question, item: str, draw: random.Random) -> str:
    name, equals, value = item.partition("=")
    star = "*" * name.endswith("*")
    wording = question.option(name.removesuffix("*")).label
    text = draw.choice((wording["en"], wording["fr"], wording["fr"].replace("é", "e"), name.removesuffix("*")))
    text = draw.choice((str.upper, str.title, str.strip, "\xa0{} ".format))(text) + star
    if question.kind == "months":
        return f"{text}{draw.choice(('=', ': '))}{value}{draw.choice(('', ' months', ' mois'))}"
    if question.kind == "wishes":
        return text if value == "nice" else f"{text}: essential"
    return text + equals + value


def _glue(texts: Sequence[str], draw: random.Random) -> str:
    ways: tuple[Callable[[Sequence[str]], str], ...] = (", ".join, "; ".join, "\n".join, lambda t: ";".join(t) + ";")
    return draw.choice(ways)(texts)
