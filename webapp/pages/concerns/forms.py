"""One short form for what is not right, words to add, and the passphrase before what she told us opens."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.domain.concerns import LONGEST, Kind
from webapp.domain.texts import neat
from webapp.services.introductions import ShownPair
from webapp.services.safety.concerns import Told
from webapp.ui.concern_words import KINDS
from webapp.ui.forms import Form

NOBODY = ""
ELSE = "else"
"""Somebody who is in none of her pairs."""
WHICH = _l("Tick what comes nearest. You can say more in your own words.")
WHOM = _l("Tick about whom it is, so that the right conversation rests.")
TOO_LONG = _l(
    "This is longer than %(longest)s characters. Shorten it, or add the rest afterwards.", longest=f"{LONGEST:,}"
)
EMPTY = _l("Write something before you send it.")
NOT_YOURS = _l("This is not your passphrase. Check it, then try again.")


class TellForm(Form):
    """What is not right: five kinds, about whom, in her own words if she likes."""

    once, pair, message = HiddenField(), HiddenField(), HiddenField()
    kind = RadioField(
        _l("What is it about?"),
        [InputRequired(WHICH)],
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
    )
    about = RadioField(_l("About whom is it?"), validate_choice=False)
    staff = RadioField(_l("Whom do you mean?"), validate_choice=False)
    said = TextAreaField(_l("In your own words, if you like"), [Length(max=LONGEST, message=TOO_LONG)], filters=[neat])
    is_urgent = BooleanField(_l("It cannot wait"))

    def offer(self, pairs: Sequence[ShownPair], staff: Mapping[UUID, str]) -> None:
        """Offer those whom she knows here, and those who work at the desk."""
        named = [SelectChoice(str(one.id), one.other_name) for one in pairs]
        self.about.choices = [*named, SelectChoice(ELSE, gettext("Somebody else, or nobody"))] if named else []
        known = [SelectChoice(str(one), name) for one, name in staff.items()]
        self.staff.choices = [*known, SelectChoice(NOBODY, gettext("I do not know her name"))]

    @property
    def told(self) -> Told:
        """Return what she tells us. Raises ValueError for an id that is none."""
        kind, about = Kind(self.kind.data), self.pair.data or self.about.data
        return Told(
            kind,
            UUID(about) if about and about != ELSE else None,
            UUID(self.message.data) if self.message.data else None,
            UUID(self.staff.data) if self.staff.data and kind is Kind.STAFF else None,
            self.said.data or "",
            self.is_urgent.data,
            about == ELSE,
        )


class MoreForm(Form):
    """More words about something that she told us."""

    said = TextAreaField(
        _l("Add something"), [DataRequired(EMPTY), Length(max=LONGEST, message=TOO_LONG)], filters=[neat]
    )


class AgainForm(Form):
    """Her passphrase once more."""

    passphrase = PasswordField(_l("Your passphrase"), [DataRequired(_l("Enter your passphrase."))])
