"""The forms by which a concern is looked after, and those of a pair that rests."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.domain import holds
from webapp.domain.concerns import LONGEST, What
from webapp.domain.texts import neat
from webapp.ui.concern_words import DID, HELD_FOR, LIFTED_FOR
from webapp.ui.forms import Form
from webapp.ui.thread_forms import SentOnce

EMPTY = _l("Write something before you send it.")
TOO_LONG = _l("Please keep it under 2,000 signs.")
TICK = _l("Tick one.")
AT_MOST = Length(max=LONGEST, message=TOO_LONG)
WHAT = {
    What.NOTE: _l("A note for the team"),
    What.TO_HER: _l("Words to her"),
    What.DID: _l("Something that I did"),
}


class AddForm(SentOnce):
    """A note, words to her, or what was done."""

    name: ClassVar[str] = "add"
    what = RadioField(
        _l("What do you add?"),
        [InputRequired(TICK)],
        choices=[SelectChoice(one.value, said) for one, said in WHAT.items()],
    )
    did = RadioField(
        _l("If you did something: what?"),
        choices=[SelectChoice(one.value, said) for one, said in DID.items()],
        validate_choice=False,
    )
    said = TextAreaField(_l("Your words"), [AT_MOST], filters=[neat])

    @property
    def of_words(self) -> Any:
        """Return the field that holds the words."""
        return self.said


class CloseForm(SentOnce):
    """What came of it, in words to her."""

    name: ClassVar[str] = "close"
    came_of_it = TextAreaField(_l("What came of it, in words to her"), [DataRequired(EMPTY), AT_MOST], filters=[neat])

    @property
    def of_words(self) -> Any:
        """Return the field that holds the words."""
        return self.came_of_it


class BackForm(SentOnce):
    """Why it cannot be closed yet."""

    name: ClassVar[str] = "back"
    why = TextAreaField(_l("If it cannot be closed yet: why?"), [DataRequired(EMPTY), AT_MOST], filters=[neat])

    @property
    def of_words(self) -> Any:
        """Return the field that holds the words."""
        return self.why


class FileForm(Form):
    """To whom her file is closed."""

    name: ClassVar[str] = "file"
    staff = RadioField(_l("Close her file to"), validate_choice=False)

    def offer(self, staff: Mapping[UUID, str]) -> None:
        """Offer those to whom it is open."""
        self.staff.choices = [SelectChoice(str(one), name) for one, name in staff.items()]

    @property
    def chosen(self) -> UUID | None:
        """Return who was ticked; where nobody was, the form says so."""
        try:
            return UUID(self.staff.data or "")
        except ValueError:
            self.staff.errors = [TICK]
            return None


class HoldForm(Form):
    """Why a pair rests."""

    name: ClassVar[str] = "hold"
    reason = RadioField(
        _l("Why should their contact rest?"),
        [InputRequired(TICK)],
        choices=[SelectChoice(one.value, HELD_FOR[one]) for one in holds.BY_THE_DESK],
    )
    note = TextAreaField(_l("A note for the team, if you like"), [AT_MOST], filters=[neat])


class LiftForm(Form):
    """Why a pair goes on."""

    name: ClassVar[str] = "lift"
    lifted = RadioField(
        _l("Why can they go on?"),
        [InputRequired(TICK)],
        choices=[SelectChoice(one.value, LIFTED_FOR[one]) for one in holds.SAID_BY_A_PERSON],
    )
    lifted_note = TextAreaField(_l("A note for the team, if you like"), [AT_MOST], filters=[neat])
