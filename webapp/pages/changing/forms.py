"""A last word, and how long a pause shall be."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.domain.introductions import LONGEST_GOODBYE
from webapp.domain.texts import neat
from webapp.ui.forms import Form

WEEKS = {"1": _l("one week"), "2": _l("two weeks"), "4": _l("four weeks"), "0": _l("until I say so")}
TOO_LONG = _l("This is longer than %(longest)s characters. Please make it shorter.", longest=f"{LONGEST_GOODBYE:,}")


class GoodbyeForm(Form):
    """A last word to the other."""

    goodbye = TextAreaField(
        _l("A last word, if you like"), [Length(max=LONGEST_GOODBYE, message=TOO_LONG)], filters=[neat]
    )


class PauseForm(Form):
    """How long a pause shall be."""

    weeks = RadioField(
        _l("For how long?"),
        [InputRequired(_l("Choose how long, or until you say so."))],
        choices=[SelectChoice(weeks, words) for weeks, words in WEEKS.items()],
    )
