"""Forms for second locks: the passphrase once more, the first code of a new app, the name of a passkey."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.domain.factors import LONGEST_NAME
from webapp.ui.forms import Form

WRONG = _l("This is not the passphrase of this account. Check it, then try again.")
NOT_TAKEN = _l(
    "This code does not fit. Check that the clock of your phone is right, wait for the next code, then type that."
)


def _trimmed(said: Any) -> Any:
    return said.strip() if isinstance(said, str) else said


class PassphraseForm(Form):
    """The passphrase once more."""

    passphrase = PasswordField(_l("Passphrase"), [InputRequired(_l("Enter your passphrase."))])


class FirstCodeForm(Form):
    """The code that shows that the app has the secret."""

    code = StringField(_l("The code that the app shows now"), [InputRequired(_l("Enter the code."))])


class PasskeyForm(Form):
    """A name by which she knows the passkey again."""

    name = StringField(
        _l("A name for it"),
        [
            DataRequired(_l("Give it a name, so that you know it again.")),
            Length(max=LONGEST_NAME, message=_l("Use at most %(longest)s characters.", longest=LONGEST_NAME)),
        ],
        filters=[_trimmed],
    )
