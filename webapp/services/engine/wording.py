"""What the engine says, in words: messages, gates, parts, options, hours."""

from collections.abc import Iterable, Mapping
from typing import Any

from matcher import Message, Question, in_words, read_hours, write_hours
from matcher import say_hours as say_spans
from webapp.crypto.fields import UNREADABLE
from webapp.services.engine.answers import questionnaire

UNREAD = "unread"
"""The key of the message that stands where what was told of a pair cannot be read."""


def say(message: Mapping[str, Any], language: str) -> str:
    """Say a stored message in words."""
    if message["key"] == UNREAD:
        return UNREADABLE
    return in_words(Message(message["key"], message["values"]), questionnaire(), language)


def name_gate(gate: str, language: str) -> str:
    """Name a gate in a word or two."""
    return in_words(Message("gate", {"gate": gate}), questionnaire(), language)


def name_part(part: str, language: str) -> str:
    """Name a part of the score in a word or two."""
    return in_words(Message("part_name", {"part": part}), questionnaire(), language)


def say_option(question: Question, option: str, language: str) -> str:
    """Say one marked answer of a question without labels of its own: yes or no."""
    return in_words(Message("answer", {"question": question.id, "option": option}), questionnaire(), language)


def say_hours(question: Question, hours: Iterable[int], language: str) -> list[str]:
    """Say half-hours of a week as the day parts that they fill, and what is left over as days with times."""
    left, parts = set(hours), []
    offered = [(option, read_hours(option.hours)) for option in question.options if option.hours]
    for option, span in offered:
        if span <= left:
            parts.append(text(option.label, language))
            left -= span
    said = say_spans(write_hours(frozenset(left)), language)
    return [*parts, *filter(None, said.split("; "))]


def text(wording: Mapping[str, str] | None, language: str) -> str:
    """Return a wording of the questionnaire in a language."""
    return wording.get(language, "") if wording else ""


def stored(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return messages as they are stored."""
    return [{"key": message.key, "values": dict(message.values)} for message in messages]
