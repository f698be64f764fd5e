"""The forms of the desk: whom she is shown and why, what was done, who stands in, when is looked again."""

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from webapp.domain.proposals import MOST_SHOWN, OverrideReason
from webapp.domain.texts import neat
from webapp.pages.desk.task_words import CHOICES
from webapp.services.rankings import ShownRanking
from webapp.services.tasks.cover import Cover
from webapp.ui.forms import Form
from webapp.ui.thread_forms import read_id

REASONS = {
    OverrideReason.SHE_ASKED: _l("She asked for someone in particular"),
    OverrideReason.KNOWN_FIT: _l("I know them both, and it fits"),
    OverrideReason.CONTINUITY: _l("They have talked before, or were promised to each other"),
    OverrideReason.LANGUAGE_NUANCE: _l("The way they speak a language fits better"),
    OverrideReason.RANKING_MISSES: _l("The ranking misses something that I know"),
}
NEEDS_REASON = _l(
    "You passed over someone who stands higher. That is fine. Please tick why, so that we can learn from it."
)
LONGEST_NOTE = 500
TICK_SOMEONE = _l("Tick one, two or three women.")
READ_NAMES = _l("Read whom she does not want to meet, and tick that you have.")


class ShowThemForm(Form):
    """Up to three supporters of one ranking; a reason where others stand higher."""

    supporters = SelectMultipleField(_l("Show her"))
    reason = RadioField(
        _l("If you pass over someone who stands higher: why?"),
        choices=[SelectChoice(reason.value, words) for reason, words in REASONS.items()],
        validate_choice=False,
    )

    note = TextAreaField(
        _l("Is there more to it? Write it for the team"),
        [Length(max=LONGEST_NOTE, message=_l("Please keep it under 500 signs."))],
    )
    has_read_names = BooleanField(_l("I have read this. None of the women I show her is meant."))

    @classmethod
    def of(cls, ranking: ShownRanking) -> "ShowThemForm":
        """Make the form for one ranking."""
        form = cls()
        form.supporters.choices = [SelectChoice(str(one.supporter_id), one.name) for one in ranking.supporters]
        return form

    def validate_supporters(self, field: Field) -> None:
        """Ask for one to three."""
        if not 1 <= len(field.data or []) <= MOST_SHOWN:
            raise ValidationError(TICK_SOMEONE)


class DoneForm(Form):
    """What was done for a task."""

    act = RadioField(
        _l("What did you do?"),
        [InputRequired(_l("Tick what you did."))],
        choices=[SelectChoice(act, words) for act, words in CHOICES],
    )
    note = TextAreaField(
        _l("A note, if you like"), [Length(max=2_000, message=_l("Please keep it under 2,000 signs."))], filters=[neat]
    )


NOBODY = "nobody"
BAD_DAY_TO_LOOK = _l("Name a working day after today and within the next six weeks.")
BAD_DAY = _l("Write the day as year-month-day, for example 2026-12-24.")
AWAY_TOO_LATE = _l("The last day is before the first one, or over already.")


class DayField(DateField):  # type: ignore[misc] # WTForms has no types
    """A day that may be left out; what cannot be read as one is said in plain words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError with what to mend."""
        said = valuelist[0].strip() if valuelist else ""
        self.raw_data = [said] if said else []
        self.data = None
        if said:
            try:
                self.data = date.fromisoformat(said)
            except ValueError:
                raise ValueError(BAD_DAY) from None

    def shown(self) -> str:
        """Return what stands in the field."""
        return self.data.isoformat() if isinstance(self.data, date) else "".join(self.raw_data or [])


class DeputyForm(Form):
    """Who stands in for one."""

    deputy = RadioField(_l("Who stands in for you?"), validate_choice=False)

    @classmethod
    def of(cls, mine: Cover) -> "DeputyForm":
        """Make the form with whom one could choose."""
        form = cls(formdata=None, deputy=str(mine.deputy.id) if mine.deputy else NOBODY)
        named = [SelectChoice(str(one.id), one.name) for one in mine.colleagues]
        form.deputy.choices = [*named, SelectChoice(NOBODY, _l("Nobody in particular"))]
        return form

    def chosen(self) -> UUID | None:
        """Return who was chosen; None for nobody."""
        return read_id(self.deputy.data)


class AwayForm(Form):
    """From when until when one is away; both may be left out."""

    begins = DayField(_l("First day"), [Optional()])
    ends = DayField(_l("Last day"), [Optional()])


class LookAgainForm(Form):
    """On which day is looked again, and a word to her."""

    day = DayField(_l("On which day?"), [InputRequired(BAD_DAY_TO_LOOK)])
    word = TextAreaField(
        _l("A word to her, if you like"),
        [Length(max=LONGEST_NOTE, message=_l("Please keep it under 500 signs."))],
        filters=[neat],
    )
