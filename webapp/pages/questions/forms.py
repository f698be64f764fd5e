"""One screen of questions as a form, built from the questionnaire; and her clock, which the first screen asks for."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from webapp.domain.texts import neat, neat_line
from webapp.services.questions import Given, ShownOption, ShownQuestion, ShownScreen
from webapp.ui.forms import NOT_THERE, Form
from webapp.ui.time_zones import TIME_ZONES

STRENGTHS = {"must": _l("Must be so"), "nice": _l("Would be nice"), "no_matter": _l("No matter")}
ZONE = "time_zone"


class AtMost:
    """Refuses more marks than a question takes."""

    def __init__(self, most: int, said: str) -> None:
        self.most, self.said = most, said

    def __call__(self, form: Form, field: Field) -> None:
        """Count the marks. Raises ValidationError."""
        if len(field.data or ()) > self.most:
            raise ValidationError(self.said)


class WithTick:
    """Refuses a star beside an option that is not ticked: she may have meant either, so she is asked."""

    def __init__(self, ticks: str) -> None:
        self.ticks = ticks

    def __call__(self, form: Form, field: Field) -> None:
        """Name the stars that stand alone. Raises ValidationError."""
        alone = set(field.data or ()) - set(form[self.ticks].data or ())
        said = ", ".join(str(choice.label.text) for choice in field if choice.data in alone)
        if said:
            text = _(
                "You put a star beside this and did not tick it: %(what)s. Tick it too, or take the star away.",
                what=said,
            )
            raise ValidationError(text)


class GoesAlone:
    """Refuses an option beside others that contradict it."""

    def __init__(self, options: Iterable[ShownOption]) -> None:
        self.alone = {option.id: option.label for option in options if option.goes_alone}

    def __call__(self, form: Form, field: Field) -> None:
        """Look whether one of them has company. Raises ValidationError."""
        for option, label in self.alone.items():
            if option in (field.data or ()) and len(field.data) > 1:
                raise ValidationError(_("“%(option)s” cannot go with others. Take one of them away.", option=label))


def name_of(question_id: str, part: str = "") -> str:
    """Name the field of a question, or of a part of it, so that no name of a question meets one of the form's own."""
    return "-".join(filter(None, ("q", question_id, part)))


def form_of(screen: ShownScreen, *, zone: str | None = None) -> Form:
    """Build the form of a screen with what she has answered, or with what she just sent. `zone` asks for her clock."""
    fields: dict[str, Field] = {}
    for question in screen.questions:
        fields |= _fields_of(question)
    if screen.number == 1:
        fields[ZONE] = _one(_("Which clock do you live by?"), {key: str(said) for key, said in TIME_ZONES.items()})
    data = {**_data_of(screen), ZONE: zone}
    made: type[Form] = type("ScreenForm", (Form,), fields)
    return made(data=data)


def _fields_of(question: ShownQuestion) -> dict[str, Field]:
    name, options = name_of(question.id), {option.id: option.label for option in question.options}
    match question.control:
        case "one":
            return {name: _one(question.label, options)}
        case "many":
            return _many(question, name, options)
        case "wishes":
            said = {key: str(word) for key, word in STRENGTHS.items()}
            return {name_of(question.id, option.id): _one(option.label, said) for option in question.options}
        case "line":
            return {name: StringField(question.label, [_no_longer_than(question)])}
        case _:
            return {name: TextAreaField(question.label, [_no_longer_than(question)], filters=[_with_short_breaks])}


def _one(label: str, options: Mapping[str, str]) -> Field:
    return RadioField(label, [Optional()], choices=_choices(options))


def _many(question: ShownQuestion, name: str, options: Mapping[str, str]) -> dict[str, Field]:
    most = question.most or len(options)
    marks = AtMost(most, _("Up to %(most)s marks. Take one or two away.", most=most))
    fields = {name: _ticks(question.label, options, marks, GoesAlone(question.options))}
    if question.stars:
        stars = AtMost(question.stars, _("Up to %(most)s stars. Take one or two away.", most=question.stars))
        fields[name_of(question.id, "star")] = _ticks(question.label, options, stars, WithTick(name))
    return fields


def _ticks(label: str, options: Mapping[str, str], *checks: AtMost | WithTick | GoesAlone) -> Field:
    return SelectMultipleField(label, list(checks), choices=_choices(options))


def _choices(options: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=key, label=label) for key, label in options.items()]


def _no_longer_than(question: ShownQuestion) -> Length:
    said = _("Use up to %(longest)s characters.", longest=question.longest)
    return Length(max=question.longest, message=said)


def _with_short_breaks(text: str | None) -> str | None:
    """Write a line break as one character: a browser counts it once, and sends it as two."""
    return text.replace("\r\n", "\n") if text else text


def _data_of(screen: ShownScreen) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for question in screen.questions:
        name, marked = name_of(question.id), [option.id for option in question.options if option.is_marked]
        match question.control:
            case "one":
                data[name] = marked[0] if marked else None
            case "many":
                data[name] = marked
                data[name_of(question.id, "star")] = [option.id for option in question.options if option.is_starred]
            case "wishes":
                data |= {name_of(question.id, option.id): option.strength or None for option in question.options}
            case _:
                data[name] = question.value
    return data


def given_in(form: Form, question: ShownQuestion) -> Given:
    """Return what she sent for one question."""
    name = name_of(question.id)
    match question.control:
        case "one":
            return Given(marks=[form[name].data] if form[name].data else [])
        case "many":
            marks = form[name].data or []
            return Given(marks=marks, stars=(form[name_of(question.id, "star")].data or ()) if question.stars else ())
        case "wishes":
            said = {option.id: _strength(form, question, option) for option in question.options}
            return Given(strengths={option: strength for option, strength in said.items() if strength})
        case _:
            said = form[name].data
            return Given(text=neat_line(said) if question.control == "line" else neat(said))


def _strength(form: Form, question: ShownQuestion, option: ShownOption) -> str:
    said = form[name_of(question.id, option.id)].data
    return str(said) if said in ("must", "nice") else ""


def say_unread(form: Form, question: ShownQuestion) -> None:
    """Say at a question that its answer could not be read, and what to do."""
    first = question.options[0].id if question.control == "wishes" else ""
    is_typed = question.control in ("line", "box")
    said = _("We could not read this. Write it as in the example.") if is_typed else str(NOT_THERE)
    form[name_of(question.id, first)].errors = [said]


def target_of(question: ShownQuestion) -> str:
    """Return the id of the first control of a question, for links that lead to it."""
    if question.control in ("line", "box"):
        return name_of(question.id)
    first = question.options[0].id if question.control == "wishes" else ""
    return f"{name_of(question.id, first)}-0"
