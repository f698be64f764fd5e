"""Until when a break shall be."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from webapp.ui.forms import DayField, Form

BAD_LAST_DAY = _l("Choose a day from today on, within the next six months. Or leave it empty.")


class BreakForm(Form):
    """The last day of a break; it may be left out."""

    until = DayField(_l("Last day"), [Optional()])
