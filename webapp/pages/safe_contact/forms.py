"""The three parts of how she may be reached, each as a form: the ways, the hours, the words."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import Length, Optional

from webapp.domain.safe_contact import Channel, Contact, Others, Voicemail, Wording, neat_address, neat_number
from webapp.domain.texts import neat_line
from webapp.services.questions import ShownQuestion
from webapp.ui.forms import Form
from webapp.ui.time_zones import TIME_ZONES

LONGEST_WORD = 80
WAYS = {
    Channel.EMAIL: _l("an e-mail"),
    Channel.TEXT: _l("a text message"),
    Channel.CALL: _l("a phone call"),
}
OTHERS = {
    Others.NOBODY: _l("Nobody else sees it"),
    Others.SOMEBODY: _l("Somebody else may see it"),
    Others.NOT_SURE: _l("I am not sure"),
}
WORDINGS = {
    Wording.NEUTRAL: _l("Neutral words only"),
    Wording.NAMED: _l("You may say the name of this place"),
}
VOICEMAILS = {
    Voicemail.NONE: _l("No message"),
    Voicemail.NEUTRAL: _l("A neutral message, without our name"),
    Voicemail.NAMED: _l("A message with our name"),
}
NO_NUMBER = _l("To text or call you, we need a number. Type it here, or take both ticks away.")
BAD_NUMBER = _l("We could not read this number. Write it with its area code, such as 519 555 0123.")
NO_ADDRESS = _l("To write to you, we need an e-mail address. Type it here, or take the tick away.")
BAD_ADDRESS = _l("We could not read this address. Write it alone, such as name@example.org.")
IS_PHONE_WORDS = _l("These are your words for the phone, and coordinators read the code word. Choose another one.")


class Part(StrEnum):
    """One part, as its address names it."""

    WAYS = "ways"
    HOURS = "hours"
    WORDS = "words"


class WaysForm(Form):
    """What leaves the site, where it goes, and who else may see it."""

    ways = SelectMultipleField(
        _l("What may we send you outside this site?"),
        choices=[SelectChoice(str(way), label) for way, label in WAYS.items()],
    )
    address = StringField(_l("E-mail address"))
    number = StringField(_l("Phone number"))
    others = RadioField(
        _l("Can anybody else see your phone or your e-mail?"),
        [Optional()],
        choices=[SelectChoice(str(one), label) for one, label in OTHERS.items()],
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Ask for the number and the address that the marked ways need, and read them."""
        is_right = super().validate(*args, **kwargs)
        return all([is_right, self._reads(self.number, neat_number, NO_NUMBER, BAD_NUMBER, Channel.TEXT, Channel.CALL),
                    self._reads(self.address, neat_address, NO_ADDRESS, BAD_ADDRESS, Channel.EMAIL)])  # fmt: skip

    def _reads(self, field: Field, read: Callable[[str], str | None], none: Any, bad: Any, *needing: Channel) -> bool:
        said = neat_line(field.data)
        is_needed = any(way in self.marked for way in needing)
        if not is_needed or (said and read(said)):
            return True
        field.errors = [bad if said else none]
        return False

    @property
    def marked(self) -> list[Channel]:
        """Return the ways that she marked, as far as they are ways."""
        return [Channel(way) for way in self.ways.data or () if way in set(Channel)]

    def changed(self, before: Contact) -> dict[str, Any]:
        """Return what she said here; an address of a way that is not marked is not kept."""
        read = {Channel.EMAIL: neat_address(neat_line(self.address.data))}
        number = neat_number(neat_line(self.number.data))
        found = {way: read.get(way, number) for way in self.marked}
        voicemail = before.voicemail if Channel.CALL in found else Voicemail.NONE
        others = Others(self.others.data) if self.others.data else None
        return {"addresses": found, "others": others, "voicemail": voicemail}


def ways_form(contact: Contact) -> WaysForm:
    """Make the form with what she said."""
    number = contact.addresses.get(Channel.TEXT) or contact.addresses.get(Channel.CALL)
    kept = {"ways": list(contact.addresses), "number": number, "address": contact.addresses.get(Channel.EMAIL)}
    return WaysForm(data={**kept, "others": contact.others})


class HoursForm(Form):
    """When, by her own clock. The hours are those of the questionnaire."""

    hours: Any
    time_zone: Any

    def changed(self, _before: Contact) -> dict[str, Any]:
        """Say nothing: hours are read by the questionnaire."""
        return {}


def hours_form(question: ShownQuestion | None, time_zone: str | None) -> HoursForm:
    """Make the form with the questionnaire's day parts, and her clock where she has a request."""
    fields: dict[str, Field] = {}
    if question is not None and question.options:
        options = [SelectChoice(option.id, option.label) for option in question.options]
        fields["hours"] = SelectMultipleField(question.label, choices=options)
    if time_zone is not None:
        zones = {**{time_zone: time_zone}, **TIME_ZONES}
        fields["time_zone"] = RadioField(
            _l("Which clock do you live by?"), [Optional()],
            choices=[SelectChoice(zone, label) for zone, label in zones.items()],
        )  # fmt: skip
    marked = [option.id for option in question.options if option.is_marked] if question else []
    made: type[HoursForm] = type("HoursOfHers", (HoursForm,), fields)
    return made(data={"hours": marked, "time_zone": time_zone})


class WordsForm(Form):
    """What is said outside the site: by whom it is, on voicemail, and first of all on the phone."""

    wording = RadioField(
        _l("May our words outside this site say who we are?"),
        [Optional()],
        choices=[SelectChoice(str(one), label) for one, label in WORDINGS.items()],
    )
    voicemail = RadioField(
        _l("If we call and you do not answer, may we leave a message?"),
        [Optional()],
        choices=[SelectChoice(str(one), label) for one, label in VOICEMAILS.items()],
    )
    code_word = StringField(
        _l("Code word"),
        [Length(max=LONGEST_WORD, message=_l("Use up to %(longest)s characters.", longest=LONGEST_WORD))],
    )

    def changed(self, before: Contact) -> dict[str, Any]:
        """Return what she said here. Voicemail is asked only where a call is marked."""
        may_call = Channel.CALL in before.addresses
        return {
            "wording": Wording(self.wording.data or Wording.NEUTRAL),
            "voicemail": Voicemail(self.voicemail.data or Voicemail.NONE) if may_call else Voicemail.NONE,
            "code_word": neat_line(self.code_word.data),
        }


def words_form(contact: Contact) -> WordsForm:
    """Make the form with what she said."""
    said: Mapping[str, Any] = {"wording": str(contact.wording), "voicemail": str(contact.voicemail)}
    return WordsForm(data={**said, "code_word": contact.code_word})
