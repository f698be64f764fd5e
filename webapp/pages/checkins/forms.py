"""The questions of a check-in as a form; which ones depends on the side that is asked."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, TextAreaField, ValidationError
from wtforms.validators import Length

from webapp.domain.checkins import LONGEST_WORDS, WORDS, Kind, Side, asked
from webapp.domain.texts import neat
from webapp.ui.checkin_words import ANSWERS, QUESTIONS
from webapp.ui.forms import Form

TOO_LONG = _l("Please keep it under %(most)s characters.", most=LONGEST_WORDS)


class CheckInForm(Form):
    """What both sides share: only what was offered is taken, and nothing is needed."""

    def answers(self) -> dict[str, str]:
        """Return what was ticked."""
        return {field.name: field.data for field in self if field.name in {*QUESTIONS, WORDS} and field.data}

    def ask_for_one(self) -> None:
        """Say that nothing was ticked."""
        first = next(field for field in self if field.name in QUESTIONS)
        first.errors = [_("Tick at least one answer, or choose Skip.")]


def _one_of_these(_form: Form, field: Field) -> None:
    if field.data and field.data not in {choice.data for choice in field}:
        raise ValidationError(_("Choose one of these, or none."))


def form_for(side: Side, kind: Kind, *, is_cover: bool = False) -> CheckInForm:
    """Make the form for one side: what is ticked, and one line of words."""
    fields: dict[str, Field] = {
        question: RadioField(
            QUESTIONS[question],
            [_one_of_these],
            choices=[SelectChoice(answer, ANSWERS[question][answer]) for answer in offered],
            validate_choice=False,
        )
        for question, offered in asked(side, kind, is_cover=is_cover).items()
    }
    fields[WORDS] = TextAreaField(
        _("Is there more? A line in your own words"), [Length(max=LONGEST_WORDS, message=TOO_LONG)], filters=[neat]
    )
    form: CheckInForm = type("CheckInOfOneSide", (CheckInForm,), fields)()
    return form
