"""The form of the second step: one field for a code of the app or a recovery code."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from webapp.ui.forms import Form

NOT_TAKEN = _l("This code was not taken: it is wrong, or it was used already. Wait for the next one, then type that.")
KEY_NOT_TAKEN = _l("This passkey was not taken. Please try once more, or use another way.")


class CodeForm(Form):
    """A code."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the code."))])
