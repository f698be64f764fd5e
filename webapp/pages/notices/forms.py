"""Forms for an address and for the code that proves it."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, StringField, ValidationError
from wtforms.validators import InputRequired

from webapp.domain.safe_contact import neat_address
from webapp.domain.texts import neat_line
from webapp.ui.forms import Form
from webapp.ui.time_zones import DEFAULT_ZONE, TIME_ZONES

BAD_ADDRESS = _l("We could not read this address. Write it alone, such as name@example.org.")
WRONG = _l("This is not the code. Look at the newest mail, and type its eight digits.")
TOO_LATE = _l("This code does not work any more. Give the address once more, and a new code is sent.")


class AddressForm(Form):
    """An address, and by which clock her evenings and nights are quiet."""

    zone = RadioField(
        _l("Which clock do you live by?"),
        default=DEFAULT_ZONE,
        choices=[SelectChoice(zone, label) for zone, label in TIME_ZONES.items()],
    )
    address = StringField(_l("E-mail address"), filters=[neat_line])

    def validate_address(self, field: Field) -> None:
        """Ask for one address alone."""
        if neat_address(field.data or "") is None:
            raise ValidationError(BAD_ADDRESS)


class CodeForm(Form):
    """The code that was sent to the address."""

    digits = StringField(_l("Code"), [InputRequired(_l("Type the eight digits."))])
