"""The forms by which two arrange how they meet: what is released, a time, a talk that was, what they agree on."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length as AtMost

from webapp.domain import agreements, details
from webapp.domain.details import Kind
from webapp.domain.texts import neat, neat_line
from webapp.services import matching
from webapp.ui import language
from webapp.ui.forms import NOT_THERE, Form, read_id
from webapp.ui.meeting_words import KINDS, OFTEN, TALKED_FOR, lengths, weeks

WHICH_OF_TWO = _l("You ticked how often, and wrote it too. Choose “in our own words”, or take these words away.")
NOT_A_NUMBER = _l("This does not look like a phone number. Check it, or choose “another way”.")
NOT_AN_ADDRESS = _l("This does not look like an e-mail address. Check it, or choose “another way”.")
NOTHING = _l("Write how she can reach you.")
TOO_LONG = _l("This is longer than %(longest)s characters. Shorten it.", longest=details.LONGEST)
LONG_WORDS = _l("This is longer than %(longest)s characters. Shorten it.", longest=agreements.LONGEST)
SAY_ONE = _l("Choose or write at least one thing, or leave this for later.")


def _offered(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in pairs]


def _values(field: Any) -> set[str]:
    return {choice.value for choice in field.choices}


class DetailForm(Form):
    """One way to reach her."""

    kind = RadioField(_l("What would you like to share?"), choices=_offered(KINDS.items()), validate_choice=False)
    said = StringField(_l("How she can reach you"), filters=[neat_line])

    @property
    def chosen(self) -> Kind | None:
        """Return what kind it is."""
        return Kind(self.kind.data) if self.kind.data in set(Kind) else None

    def validate_kind(self, _field: Any) -> None:
        """Ask for one of the three."""
        if self.chosen is None:
            raise ValidationError(NOT_THERE)

    def validate_said(self, field: Any) -> None:
        """See a slip before it is shown to somebody."""
        if not field.data:
            raise ValidationError(NOTHING)
        if len(field.data) > details.LONGEST:
            raise ValidationError(TOO_LONG)
        if self.chosen is not None and not details.fits(self.chosen, field.data):
            raise ValidationError(NOT_A_NUMBER if self.chosen is Kind.NUMBER else NOT_AN_ADDRESS)


class WayForm(Form):
    """By what way, and how long: the times that suit depend on both. It is read from the address."""

    way = RadioField(_l("How would you like to talk?"), validate_choice=False)
    minutes = RadioField(_l("For how long?"), validate_choice=False)

    def __init__(self, ways: Sequence[tuple[str, str]], said: Any) -> None:
        super().__init__(data={"way": said.get("way"), "minutes": said.get("minutes")})
        self.way.choices, self.minutes.choices = _offered(ways), _offered(lengths())

    @property
    def is_chosen(self) -> bool:
        """Say whether both were chosen among what is offered."""
        ways, minutes = _values(self.way), _values(self.minutes)
        return self.way.data in ways and self.minutes.data in minutes


class TimeForm(Form):
    """One of the times that both marked."""

    way, minutes, instead = HiddenField(), HiddenField(), HiddenField()
    starts = SelectField(_l("When?"), validate_choice=False)

    @property
    def starts_at(self) -> datetime | None:
        """Return the moment that was chosen; None for what is none."""
        try:
            return datetime.fromisoformat(self.starts.data or "").astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def length(self) -> int:
        """Return how many minutes were chosen; 0 for what is no number."""
        said = self.minutes.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0

    @property
    def instead_of(self) -> UUID | None:
        """Return whose place the time takes."""
        return read_id(self.instead.data)


class TalkForm(Form):
    """Whether two talked: one tap, and about how long if she likes."""

    talked = HiddenField()
    meeting = HiddenField()
    day = RadioField(
        _l("When?"), choices=_offered([("today", _l("today")), ("yesterday", _l("yesterday"))]), validate_choice=False
    )
    length = RadioField(_l("About how long?"), choices=_offered(TALKED_FOR.items()), validate_choice=False)
    way = RadioField(_l("How did you talk?"), validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        ways = matching.every_way()
        self.way.choices = _offered((way, matching.name_way(way, language.current())) for way in ways)

    @property
    def about(self) -> str:
        """Return about how long it was; empty for nothing, and for what is not offered."""
        return self.length.data if self.length.data in TALKED_FOR else ""

    @property
    def spoken_way(self) -> str:
        """Return how the two talked; empty for nothing, and for what is not offered."""
        return self.way.data if self.way.data in _values(self.way) else ""

    @property
    def days_ago(self) -> int:
        """Return how many days ago it was."""
        return int(self.day.data == "yesterday")

    @property
    def on_day(self) -> date | None:
        """Return the very day, where the form answers what the other said of it."""
        try:
            return date.fromisoformat(self.day.data or "")
        except ValueError:
            return None

    @property
    def meeting_id(self) -> UUID | None:
        """Return of which planned time it is said."""
        return read_id(self.meeting.data)


class TermsForm(Form):
    """What two could agree on. Nothing is needed, but all of it empty says nothing."""

    ways = SelectMultipleField(_l("How would you like to talk?"), validate_choice=False)
    often = RadioField(_l("How often?"), choices=_offered(OFTEN.items()), validate_choice=False)
    often_words = StringField(
        _l("In your own words"), [AtMost(max=agreements.LONGEST, message=LONG_WORDS)], filters=[neat_line]
    )
    weeks = RadioField(_l("Until when?"), validate_choice=False)
    private = TextAreaField(
        _l("What else stays between you two?"), [AtMost(max=agreements.LONGEST, message=LONG_WORDS)], filters=[neat]
    )

    def __init__(self, ways: Sequence[tuple[str, str]], terms: dict[str, Any]) -> None:
        super().__init__(data={**terms, "weeks": str(terms.get("weeks", ""))})
        self.ways.choices, self.weeks.choices = _offered(ways), _offered(weeks())

    def validate_often_words(self, field: StringField) -> None:
        """Ask which of the two counts where she ticked how often and wrote it too. Raises ValidationError."""
        if field.data and self.often.data in OFTEN and self.often.data != agreements.Often.OWN:
            raise ValidationError(WHICH_OF_TWO)

    @property
    def terms(self) -> dict[str, Any]:
        """Return what was chosen among what is offered, and her words."""
        offered = _values(self.ways)
        often = self.often.data if self.often.data in OFTEN else ""
        if often == agreements.Often.OWN and not self.often_words.data:
            often = ""
        return {
            "ways": [way for way in self.ways.data or () if way in offered],
            "often": str(often),
            "often_words": self.often_words.data if often == agreements.Often.OWN else "",
            "weeks": int(self.weeks.data) if self.weeks.data in _values(self.weeks) else 0,
            "private": self.private.data,
        }

    def ask_for_one(self) -> None:
        """Say that nothing was chosen."""
        self.often.errors = [SAY_ONE]
