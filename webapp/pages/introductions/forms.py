"""A message to the other."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from webapp.domain.texts import neat
from webapp.services.conversations import LONGEST
from webapp.ui.forms import Form

TOO_LONG = _l("This is longer than %(longest)s characters. Send it in two parts.", longest=f"{LONGEST:,}")
EMPTY = _l("Write something before you send it.")


class MessageForm(Form):
    """One message."""

    body = TextAreaField(
        _l("Your message"), [DataRequired(EMPTY), Length(max=LONGEST, message=TOO_LONG)], filters=[neat]
    )
