"""Her questions as plain data in her language, with what she has answered; and what a form brought, as answers.

Nothing here knows a question by its id or its topic: a programme changes its questions by changing the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from webapp.services.acting import Missing
from webapp.services.matching import (
    Question,
    QuestionRole,
    Said,
    asked_now,
    questionnaire,
    read_cell,
    said_in_role,
    say_hours,
    say_option,
    text,
    write_cell,
)
from webapp.services.safety.asked import is_of_contact

Control = Literal["one", "many", "wishes", "line", "box"]
KEPT = "kept"
"""The tick that keeps hours which no day part covers: they came from paper, where hours can be written freely."""
LONGEST_LINE, LONGEST_BOX = 80, 1_000
# A questionnaire does not say how long a text may be. These are a word or two, or promise a length in their hint;
# every other text gets a box.
LONGEST: dict[QuestionRole | None, int] = {"name": 80, "pronouns": 80, "code_word": 80, "town": 80, "hope": 200}


@dataclass(frozen=True)
class ShownOption:
    """One thing to mark, with a star or a strength where she gave one."""

    id: str
    label: str
    is_marked: bool = False
    is_starred: bool = False
    strength: str = ""
    goes_alone: bool = False


@dataclass(frozen=True)
class ShownQuestion:
    """One question with what she has answered: marks on its options, or a value."""

    id: str
    control: Control
    label: str
    why: str
    hint: str = ""
    options: tuple[ShownOption, ...] = ()
    stars: int = 0
    most: int | None = None
    longest: int = LONGEST_BOX
    is_needed: bool = False
    must_be: str = ""
    value: str = ""

    @property
    def marked(self) -> tuple[ShownOption, ...]:
        """List what she marked, in the order of the questionnaire."""
        return tuple(option for option in self.options if option.is_marked or option.strength)

    @property
    def is_answered(self) -> bool:
        """Say whether she has said anything here."""
        return bool(self.marked or self.value)


@dataclass(frozen=True)
class ShownScreen:
    """One screen of the intake, its place among all, and the one before it."""

    id: str
    label: str
    lead: str
    number: int
    of: int
    previous_id: str | None
    questions: tuple[ShownQuestion, ...]

    @property
    def is_answered(self) -> bool:
        """Say whether she has answered anything on this screen."""
        return any(question.is_answered for question in self.questions)


@dataclass(frozen=True)
class Given:
    """What a form brought for one question."""

    marks: Sequence[str] = ()
    stars: Sequence[str] = ()
    strengths: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


# The screens


def her_screens(answers: Mapping[str, Said]) -> tuple[str, ...]:
    """List the screens that have a question for her, given what she answered, in order."""
    asked = {screen_of(question) for question in asked_now("requester", answers)}
    return tuple(screen for screen in questionnaire().screens_of("requester") if screen in asked)


def screen_of(question: Question) -> str:
    """Name the screen on which she is asked a question."""
    return question.screen_of("requester")


def _asked_on(screen: str, answers: Mapping[str, Said]) -> list[Question]:
    return [question for question in asked_now("requester", answers) if screen_of(question) == screen]


def is_passed_over(screen_id: str, answers: Mapping[str, Said]) -> bool:
    """Say whether a screen asks her nothing, given what she answered, and would otherwise."""
    return screen_id in questionnaire().screens_of("requester") and screen_id not in her_screens(answers)


def next_screen(screen_id: str, answers: Mapping[str, Said]) -> str | None:
    """Name the screen that follows one of the questionnaire's, given what she answered; None before the summary."""
    every, hers = questionnaire().screens_of("requester"), her_screens(answers)
    return next((later for later in every[every.index(screen_id) + 1 :] if later in hers), None)


def newly_asked(before: Mapping[str, Said], answers: Mapping[str, Said]) -> str | None:
    """Name the first screen with a question that she is asked now and was not before; None where there is none."""
    old = {question.id for question in asked_now("requester", before)}
    new = {screen_of(question) for question in asked_now("requester", answers) if question.id not in old}
    return next((screen for screen in her_screens(answers) if screen in new), None)


def is_device_unsafe(answers: Mapping[str, Said]) -> bool:
    """Say whether she told us that someone else may see this device."""
    said = said_in_role("device_safe", "requester", answers)
    return said is not None and said["answer"] != ["yes"]


def warns_of_device(screen_id: str, answers: Mapping[str, Said]) -> bool:
    """Say whether a screen is the one right after she told us that someone else may see this device."""
    asked = questionnaire().of_role("device_safe", "requester")
    return asked is not None and is_device_unsafe(answers) and next_screen(screen_of(asked), answers) == screen_id


def resume_at(answers: Mapping[str, Said]) -> str | None:
    """Name the screen at which she goes on; None where all that is left is the summary.

    Only answers are stored, no trail of where she has been. The screens come one after the other, so everything before
    the last one that she answered has been before her eyes: what she skipped there is not put to her again. At worst a
    screen that she skipped just before she left is shown once more.
    """
    screens = her_screens(answers)
    on = {screen: [question.id for question in _asked_on(screen, answers)] for screen in screens}
    been = [number for number, screen in enumerate(screens, 1) if any(one in answers for one in on[screen])]
    number = max(been, default=0)
    return screens[number] if number < len(screens) else None


def read_screen(screen_id: str, answers: Mapping[str, Said], language: str) -> ShownScreen:
    """Return one screen with her answers. Raises Missing for one that asks her nothing."""
    screens = her_screens(answers)
    if screen_id not in screens:
        raise Missing
    number = screens.index(screen_id) + 1
    shown = tuple(_shown(question, answers.get(question.id), language) for question in _asked_on(screen_id, answers))
    declared = questionnaire().declared(screen_id)
    return ShownScreen(
        id=screen_id,
        label=text(declared.label, language) if declared else shown[0].label,
        lead=text(declared.lead, language) if declared else "",
        number=number,
        of=len(screens),
        previous_id=screens[number - 2] if number > 1 else None,
        questions=shown,
    )


def without_contact(screen: ShownScreen) -> ShownScreen:
    """Leave out of a screen what a woman's own record of how she may be reached answers."""
    by_id = questionnaire().by_id
    return replace(screen, questions=tuple(one for one in screen.questions if not is_of_contact(by_id[one.id])))


def read_in_role(role: QuestionRole, said: Said | None, language: str) -> ShownQuestion | None:
    """Return the question of a role with an answer that is kept elsewhere; None where it is not asked."""
    question = questionnaire().of_role(role, "requester")
    return _shown(question, said, language) if question is not None else None


def read_all(answers: Mapping[str, Said], language: str) -> list[ShownScreen]:
    """Return every screen that she is asked, with her answers."""
    return [read_screen(screen, answers, language) for screen in her_screens(answers)]


# One question


def control_of(question: Question) -> Control:
    """Choose the control in which a question is asked."""
    match question.kind:
        case "wishes":
            return "wishes"
        case "choices":
            return "many"
        case "availability" if question.options:
            return "many"
        case "choice" | "scale" | "yes_no":
            return "one"
        case "number":
            return "line"
        case _:
            return "line" if LONGEST.get(question.role, LONGEST_BOX) <= LONGEST_LINE else "box"


def _shown(question: Question, said: Said | None, language: str) -> ShownQuestion:
    control = control_of(question)
    return ShownQuestion(
        id=question.id,
        control=control,
        label=text(question.label, language),
        why=text(question.why, language),
        hint=text(question.hint, language),
        options=tuple(_options(question, said, language)) if control in ("one", "many", "wishes") else (),
        stars=question.stars,
        most=question.most,
        longest=LONGEST.get(question.role, LONGEST_LINE if question.kind == "number" else LONGEST_BOX),
        is_needed=question.required,
        must_be=question.must_be or "",
        value=write_cell(question.id, said) if said and control in ("line", "box") else "",
    )


def _options(question: Question, said: Said | None, language: str) -> Iterator[ShownOption]:
    marks, stars, strengths = _marks(question, said), (said or {}).get("stars") or (), _strengths(question, said)
    for option in question.option_ids if question.options else ("yes", "no"):
        label = _label(question, option, language)
        alone = bool(question.options) and question.option(option).alone
        yield ShownOption(option, label, option in marks, option in stars, strengths.get(option, ""), alone)
    if question.kind == "availability" and (left := _uncovered(question, said)):
        yield ShownOption(KEPT, ", ".join(say_hours(question, left, language)), is_marked=True)


def _label(question: Question, option: str, language: str) -> str:
    if not question.options:
        return _sentence(say_option(question, option, language))
    return _sentence(text(question.option(option).label, language))


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def _strengths(question: Question, said: Said | None) -> Mapping[str, str]:
    return said["answer"] if said and question.kind == "wishes" else {}


def _marks(question: Question, said: Said | None) -> frozenset[str]:
    if said is None or question.kind == "wishes":
        return frozenset()
    if question.kind != "availability":
        return frozenset(said["answer"])
    free = frozenset(said["answer"])
    return frozenset(option for option in question.option_ids if _hours(question.id, option) <= free)


@cache
def _hours(question_id: str, option: str) -> frozenset[int]:
    said = read_cell(question_id, option, "requester")
    return frozenset(said["answer"]) if said else frozenset()


def _uncovered(question: Question, said: Said | None) -> list[int]:
    covered = frozenset(hour for option in _marks(question, said) for hour in _hours(question.id, option))
    return sorted(frozenset(said["answer"]) - covered) if said else []


# What a form brought


def read_given(question: ShownQuestion, given: Given, stored: Said | None) -> Said | None:
    """Read what a form brought as an answer to store; None for nothing. Raises BadAnswer."""
    marks = [option for option in given.marks if option != KEPT]
    said = read_cell(question.id, _cell(question, given, marks), "requester")
    if KEPT not in given.marks or stored is None:
        return said
    kept = _uncovered(questionnaire().by_id[question.id], stored)
    return {"answer": sorted({*(said["answer"] if said else ()), *kept}), "stars": []}


def _cell(question: ShownQuestion, given: Given, marks: Sequence[str]) -> str:
    if question.control == "wishes":
        return "; ".join(f"{option}={strength}" for option, strength in given.strengths.items())
    if question.control in ("one", "many"):
        return "; ".join(option + "*" * (option in given.stars) for option in marks)
    return given.text
