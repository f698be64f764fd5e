"""The forms of the desk: whom she is shown and why, cards taken back, what was done, who stands in, when is looked."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from webapp.domain.proposals import LONGEST_WORDS, MOST_SHOWN, OverrideReason, TakeBackReason
from webapp.domain.texts import neat
from webapp.pages.desk.pair_words import THEN, WHY_ENDED
from webapp.pages.desk.task_words import CHOICES
from webapp.services.desk.reading import ShownSupporter
from webapp.services.rankings import ShownRanking
from webapp.services.tasks.cover import Cover
from webapp.ui.forms import DayField, Form, read_id

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
SHOWN_ENOUGH = _l("One of them is shown to as many women already as she has room for. If you show her too, tick why.")
TAKE_BACK_REASONS = {
    TakeBackReason.MISTAKE: _l("She was shown by mistake"),
    TakeBackReason.KNOW_EACH_OTHER: _l("The two may know each other"),
    TakeBackReason.CANNOT_NOW: _l("She cannot take on someone now"),
    TakeBackReason.SHE_ASKED: _l("The woman asked for it"),
    TakeBackReason.OTHER: _l("Something else"),
}
TICK_A_CARD = _l("Tick a card, or all of them.")
WHY_BACK = _l("Tick why you take it back.")
TOO_LONG = _l("Please keep it under 500 signs.")
ALL = "all"
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
        [Length(max=LONGEST_WORDS, message=TOO_LONG)],
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


class EndPairForm(Form):
    """Why the desk ends a pair, what becomes of her request, and a note."""

    why = RadioField(
        _l("Why?"),
        [InputRequired(_l("Tick why."))],
        choices=[SelectChoice(why.value, words) for why, words in WHY_ENDED.items()],
    )
    then = RadioField(
        _l("And then?"),
        [InputRequired(_l("Tick what becomes of her request."))],
        choices=[SelectChoice(then.value, words) for then, words in THEN.items()],
    )
    note = TextAreaField(
        _l("A note, if you like"), [Length(max=2_000, message=_l("Please keep it under 2,000 signs."))], filters=[neat]
    )


class TakeBackForm(Form):
    """Which card is taken back, or all of them, and why."""

    card = RadioField(_l("Which card?"), validate_choice=False)
    reason = RadioField(
        _l("Why?"),
        [AnyOf([reason.value for reason in TakeBackReason], message=WHY_BACK)],
        choices=[SelectChoice(reason.value, words) for reason, words in TAKE_BACK_REASONS.items()],
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Is there more to it? Write it for the team"), [Length(max=LONGEST_WORDS, message=TOO_LONG)]
    )

    @classmethod
    def of(cls, shown: Sequence[ShownSupporter]) -> "TakeBackForm":
        """Make the form for the cards that are on the table."""
        form = cls()
        cards = [SelectChoice(str(one.id), one.name) for one in shown if one.is_open]
        form.card.choices = [*cards, *([SelectChoice(ALL, _l("All of them"))] if len(cards) > 1 else [])]
        return form

    def validate_card(self, field: Field) -> None:
        """Ask for a card, or all; one that has gone meanwhile is said later."""
        if field.data != ALL and read_id(field.data) is None:
            raise ValidationError(TICK_A_CARD)


def card_in(form: TakeBackForm) -> UUID | None:
    """Return the one card that was ticked; None for all of them."""
    return read_id(form.card.data)


NOBODY = "nobody"
BAD_DAY_TO_LOOK = _l("Name a working day after today and within the next six weeks.")
AWAY_TOO_LATE = _l("The last day is before the first one, or over already.")
AWAY_TOO_FAR = _l("Name days within the next year. For longer, leave the last day empty.")


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


class CoverForm(Form):
    """Who covers, of those who could; and that whom the woman does not want to meet was read."""

    supporter = RadioField(_l("Who covers?"), validate_choice=False)
    has_read = BooleanField(_l("I have read whom she does not want to meet, and it is nobody of these"))

    def offer(self, people: Sequence[tuple[UUID, str]]) -> None:
        """Offer those who could."""
        self.supporter.choices = [SelectChoice(str(key), name) for key, name in people]

    def chosen(self) -> UUID | None:
        """Return who was chosen; where nobody was, say so beside the field."""
        found = read_id(self.supporter.data)
        if found is None:
            self.supporter.errors = [_l("Choose one of them.")]
        return found


class LookAgainForm(Form):
    """On which day is looked again, and a word to her."""

    day = DayField(_l("On which day?"), [InputRequired(BAD_DAY_TO_LOOK)])
    word = TextAreaField(
        _l("A word to her, if you like"),
        [Length(max=LONGEST_WORDS, message=TOO_LONG)],
        filters=[neat],
    )
