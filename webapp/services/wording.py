"""Answers as they are stored, said in words screen by screen. No rules and no decisions live here."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.services.matching import Question, Said, Side, questionnaire, say_hours, say_option, text


@dataclass(frozen=True)
class SaidAnswer:
    """One option or text that she gave; `strength` is must or nice where she weighed it."""

    words: str
    is_starred: bool = False
    strength: str = ""


@dataclass(frozen=True)
class SaidQuestion:
    """One question that she answered, by its short name."""

    id: str
    title: str
    answers: list[SaidAnswer]


@dataclass(frozen=True)
class SaidScreen:
    """One screen of the intake with the questions that she answered on it."""

    title: str
    questions: list[SaidQuestion]


def say_screens(answers: Mapping[str, Said], side: Side, language: str) -> list[SaidScreen]:
    """Say everything that a person answered, in the order in which it was asked; what she skipped is left out."""
    asked = [question for question in questionnaire().asked_of(side) if answers.get(question.id, {}).get("answer")]
    shown = []
    for screen in questionnaire().screens_of(side):
        here = [question for question in asked if question.screen_of(side) == screen]
        said = [_say(question, answers[question.id], language) for question in here]
        if here:
            title = questionnaire().declared(screen) or here[0]
            shown.append(SaidScreen(text(title.label, language), said))
    return shown


def _say(question: Question, said: Said, language: str) -> SaidQuestion:
    return SaidQuestion(question.id, title_of(question, language), _answers(question, said, language))


def title_of(question: Question, language: str) -> str:
    """Name a question by its short name, with a capital; by its id where it has none."""
    title = text(question.short, language) or question.id.replace("_", " ")
    return title[:1].upper() + title[1:]


def _answers(question: Question, said: Said, language: str) -> list[SaidAnswer]:
    stored, stars = said["answer"], said.get("stars") or []
    if isinstance(stored, Mapping):
        marked = [option for option in question.options if option.id in stored]
        return [SaidAnswer(text(one.label, language), strength=str(stored[one.id])) for one in marked]
    if not isinstance(stored, list):
        return [SaidAnswer(str(stored))]
    if question.kind == "availability":
        return [SaidAnswer(one) for one in say_hours(question, stored, language)]
    if not question.options:
        return [SaidAnswer(say_option(question, one, language)) for one in stored]
    marked = [option for option in question.options if option.id in stored]
    return [SaidAnswer(text(one.label, language), one.id in stars) for one in marked]
