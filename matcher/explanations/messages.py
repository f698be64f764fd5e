"""Messages as keys with values, and their words in the languages that the engine ships. A site may use its own."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from matcher.questionnaire.schema import Question, Questionnaire, Text

TEXTS = Path(__file__).parent / "messages.toml"
OWN_WORDS = {"her_shared": "shared", "her_missing": "missing", "hoped": "hoped"}
"""Messages for which a question may bring words of its own."""


@dataclass(frozen=True)
class Message:
    """One thing to say: a key, and values that are ids and numbers, never words."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@cache
def _texts() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """List the languages that the engine itself speaks."""
    return tuple(_texts()["languages"])


def in_words(message: Message, questionnaire: Questionnaire, language: str) -> str:
    """Say a message in one language. Question and option labels come from the questionnaire."""
    words = _Words(questionnaire, language)
    template = words.own(message) or spoken(_texts()["messages"][message.key], language)
    for name, value in message.values.items():
        if "{" + name + "}" in template:
            template = template.replace("{" + name + "}", words.of(name, value, message.values))
    return str(template)


def spoken(text: Mapping[str, str], language: str) -> str:
    """Return the engine's own words in a language, or in English where it does not speak it."""
    return text.get(language, text["en"])


@dataclass(frozen=True)
class _Words:
    questionnaire: Questionnaire
    language: str

    def own(self, message: Message) -> str | None:
        """Return the words that the question, or its one option, brings for this message."""
        about = OWN_WORDS.get(message.key)
        if about is None:
            return None
        question = self.questionnaire.by_id[message.values["question"]]
        options: Sequence[str] = message.values.get("options", ())
        option = question.option(options[0]) if question.options and len(options) == 1 else None
        bearers = [bearer.words for bearer in (option, question) if bearer is not None and bearer.words is not None]
        texts = (getattr(words, about) for words in bearers)
        return next((text[self.language] for text in texts if text), None)

    def of(self, name: str, value: Any, values: Mapping[str, Any]) -> str:
        """Say one value."""
        sayings: Mapping[str, Callable[[Any], str]] = {
            "question": lambda question: self.title(self.questionnaire.by_id[question]),
            "option": lambda option: self.options([option], values["question"]),
            "options": lambda options: self.options(options, values["question"]),
            "any_of": lambda options: self.join(self.labels(options, values["question"]), "or"),
            "way": lambda way: self.shipped("ways", way),
            "times": lambda times: self.times(times, values["question"]),
            "part": lambda part: self.shipped("parts", part),
            "gate": self.gate,
            "points": self.points,
            "of": self.points,
            "known": lambda known: f"{round(100 * known)}{spoken(_texts()['percent'], self.language)}",
            "minutes": duration,
            "hours": lambda hours: say_hours(hours, self.language),
            "steps": lambda steps: self.steps(steps, values["question"]),
            "changes": lambda changes: self.join([in_words(one, self.questionnaire, self.language) for one in changes]),
        }
        return sayings.get(name, str)(value)

    def title(self, question: Question) -> str:
        """Name a question in a word or two."""
        return self.text(question.short) or question.id.replace("_", " ")

    def text(self, text: Text | None) -> str:
        """Return a wording in this language."""
        return text.get(self.language, "") if text else ""

    def options(self, options: Sequence[str], question_id: str) -> str:
        """List the labels of options."""
        return self.join(self.labels(options, question_id))

    def labels(self, options: Sequence[str], question_id: str) -> list[str]:
        """Give the labels of options; of yes and no, and of days, the engine's own words."""
        question = self.questionnaire.by_id[question_id]
        if not question.options:
            table = "days" if question.kind == "availability" else "answers"
            return [self.shipped(table, option) for option in options]
        marked = [question.option(option) for option in options]
        return [self.text(option.short or option.label) for option in marked]

    def times(self, times: Sequence[str], question_id: str) -> str:
        """List day parts by their labels, or days by their names."""
        return self.options(times, question_id)

    def steps(self, steps: int, question_id: str) -> str:
        """Say how far apart two answers are, in the question's own words where it brings them."""
        words, name = self.questionnaire.by_id[question_id].words, "step" if steps == 1 else "steps"
        own = getattr(words, name) if words else None
        return str(own[self.language] if own else self.shipped("apart", name)).replace("{steps}", str(steps))

    def gate(self, gate: str) -> str:
        """Name a gate: a question by its short name, a column by the engine's own word."""
        question = self.questionnaire.by_id.get(gate)
        return self.title(question) if question else self.shipped("gates", gate)

    def shipped(self, table: str, key: str) -> str:
        """Look a word of the engine up; what it does not know is said as it is."""
        text = _texts()[table].get(key)
        return spoken(text, self.language) if text else key.replace("_", " ")

    def points(self, points: float) -> str:
        """Write points with two decimals, as the language does."""
        return f"{points:.2f}".replace(".", spoken(_texts()["decimal"], self.language))

    def join(self, words: Sequence[str], last: str = "and") -> str:
        """List words: a, b and c; or with another word before the last."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {spoken(_texts()[last], self.language)} {words[-1]}"


def say_hours(written: str, language: str) -> str:
    """Say hours that were written as `Mon 17:00-19:00; Tue 20:00-21:30`, as the language does."""
    return "; ".join(_say_span(span, language) for span in written.split("; ") if span)


def _say_span(span: str, language: str) -> str:
    day, times = span.split(" ", 1)
    start, end = (_say_clock(time, language) for time in times.split("-"))
    texts = _texts()
    return f"{spoken(texts['short_days'][day], language)} {start} {spoken(texts['until'], language)} {end}"


def _say_clock(time: str, language: str) -> str:
    hour, minutes = time.split(":")
    kind = "midnight" if time == "24:00" else "full" if minutes == "00" else "part"
    return spoken(_texts()["clock"][kind], language).format(hour=hour, bare=int(hour), minutes=minutes)


def duration(minutes: int) -> str:
    """Write minutes as hours and minutes, in signs that both languages use."""
    hours, rest = divmod(minutes, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest or not hours else [])])
