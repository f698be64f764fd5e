"""A message to the other."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
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


def many_at_once(seconds: int) -> str:
    """Say how long to wait after many messages in a short time."""
    text: str = ngettext(
        "You have written a lot in a short time. Your words are still here: send them in %(num)s second.",
        "You have written a lot in a short time. Your words are still here: send them in %(num)s seconds.",
        seconds,
    )
    return text
