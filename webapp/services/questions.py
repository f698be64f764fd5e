"""Her questions as plain data in her language, with what she has answered; and what a form brought, as answers.

Nothing here knows a question by its topic: a programme changes its questions by changing the questionnaire's file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from webapp.services.acting import Missing
from webapp.services.matching import (
    Question,
    Said,
    questionnaire,
    read_cell,
    say_hours,
    say_option,
    text,
    write_cell,
)

Control = Literal["one", "many", "wishes", "line", "box"]
KEPT = "kept"
"""The tick that keeps hours which no day part covers: they came from paper, where hours can be written freely."""
LONGEST_LINE, LONGEST_BOX = 80, 1_000
# A questionnaire does not say how long a text may be. These are a word or two, or promise a length in their hint;
# every other text gets a box.
LONGEST = {"name": 80, "pronouns": 80, "code_word": 80, "town": 80, "hope": 200}


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
    """One screen of the intake, its place among all, and its neighbours."""

    id: str
    label: str
    lead: str
    number: int
    of: int
    previous_id: str | None
    next_id: str | None
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


@cache
def her_screens() -> tuple[str, ...]:
    """List the screens that have a question for her, in order; a question without a screen stands on its own."""
    used = list(dict.fromkeys(_screen_of(question) for question in questionnaire().asked_of("requester")))
    drawn = [screen.id for screen in questionnaire().screen]
    return tuple([one for one in drawn if one in used] + [one for one in used if one not in drawn])


def _screen_of(question: Question) -> str:
    return question.screen or question.id


def _asked_on(screen: str) -> Iterator[Question]:
    return (question for question in questionnaire().asked_of("requester") if _screen_of(question) == screen)


def screen_after(question_id: str) -> str | None:
    """Name the screen that follows a question; None where it is not asked, or last."""
    screens, question = her_screens(), questionnaire().by_id.get(question_id)
    if question is None or not question.is_asked_of("requester"):
        return None
    number = screens.index(_screen_of(question)) + 1
    return screens[number] if number < len(screens) else None


def resume_at(answers: Mapping[str, Said]) -> str | None:
    """Name the screen at which she goes on; None where all that is left is the summary.

    Only answers are stored, no trail of where she has been. The screens come one after the other, so everything before
    the last one that she answered has been before her eyes: what she skipped there is not put to her again. At worst a
    screen that she skipped just before she left is shown once more.
    """
    screens = her_screens()
    been = [number for number, screen in enumerate(screens, 1) if any(q.id in answers for q in _asked_on(screen))]
    number = max(been, default=0)
    return screens[number] if number < len(screens) else None


def read_screen(screen_id: str, answers: Mapping[str, Said], language: str) -> ShownScreen:
    """Return one screen with her answers. Raises Missing."""
    screens = her_screens()
    if screen_id not in screens:
        raise Missing
    number = screens.index(screen_id) + 1
    shown = tuple(_shown(question, answers.get(question.id), language) for question in _asked_on(screen_id))
    drawn = next((screen for screen in questionnaire().screen if screen.id == screen_id), None)
    return ShownScreen(
        id=screen_id,
        label=text(drawn.label, language) if drawn else shown[0].label,
        lead=text(drawn.lead, language) if drawn else "",
        number=number,
        of=len(screens),
        previous_id=screens[number - 2] if number > 1 else None,
        next_id=screens[number] if number < len(screens) else None,
        questions=shown,
    )


def read_all(answers: Mapping[str, Said], language: str) -> list[ShownScreen]:
    """Return every screen with her answers."""
    return [read_screen(screen, answers, language) for screen in her_screens()]


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
            return "line" if LONGEST.get(question.id, LONGEST_BOX) <= LONGEST_LINE else "box"


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
        longest=LONGEST.get(question.id, LONGEST_LINE if question.kind == "number" else LONGEST_BOX),
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
