"""What the desk types while somebody is on the phone."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from webapp.ui.forms import Form

NOT_THESE = _l("This does not go together, or there are no words for the phone. Nobody can be told which of the two.")
NOT_HERS = _l("These are not her words.")
NO_MORE = _l("Three tries a day, and they are used up. Tomorrow there are three more.")


class WordsForm(Form):
    """The words that she says."""

    words = StringField(_l("The words that she says"), [InputRequired(_l("Type the words that she says."))])


class NameAndWordsForm(WordsForm):
    """The name that she signs in with, and her words."""

    username = StringField(_l("The name that she signs in with"), [InputRequired(_l("Type the name that she says."))])
