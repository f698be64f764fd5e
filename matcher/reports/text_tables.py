"""Tables for people: columns laid out, texts wrapped, gates named, and what a result depends on said below."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version

from matcher.explanations.messages import Message, in_words
from matcher.people import Need
from matcher.ranking.provenance import provenance
from matcher.ranking.roster import Roster

WIDTH = 110


def footer(roster: Roster) -> str:
    """Say what the result depends on."""
    said = provenance(roster, roster.on)
    questionnaire = f"questionnaire {said['questionnaire']['id']} version {said['questionnaire']['version']}"
    weights = f"weights {said['weights']['version']} ({said['weights']['hash']})"
    zones = f"zones {version('tzdata')}"
    return f"engine {said['engine']} · {said['on']} · {questionnaire} · {weights} · fit {said['fit']} · {zones}"


def waiting_time(need: Need, on: date) -> str:
    """Say how long she has waited; nothing where it is not known."""
    return f"{(on - need.waiting_since).days} days" if need.waiting_since else ""


# Words and columns


def aligned(rows: Sequence[Sequence[str]], left: int = 2) -> list[str]:
    """Lay rows out in columns, the first `left` ones to the left, the others, numbers, to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = (
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def wrapped(lead: str, text: str) -> list[str]:
    """Wrap a text with a lead and a hanging indent; nothing where there is no text."""
    indent = "    " + " " * len(lead)
    return textwrap.wrap(text, WIDTH, initial_indent="    " + lead, subsequent_indent=indent) if text else []


def in_sentences(roster: Roster, messages: Iterable[Message]) -> str:
    """Say messages in the language of the tables."""
    return "; ".join(in_words(message, roster.questionnaire, language(roster)) for message in messages)


def language(roster: Roster) -> str:
    """Choose the language of tables: English where the questionnaire has it."""
    return "en" if "en" in roster.questionnaire.languages else roster.questionnaire.languages[0]


def named(roster: Roster, gates: Iterable[str]) -> str:
    """Name gates in words."""
    named = (Message("gate", {"gate": gate}) for gate in gates)
    return ", ".join(in_words(message, roster.questionnaire, language(roster)) for message in named)
