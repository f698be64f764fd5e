"""A message to the other."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from webapp.services.conversations import LONGEST

TOO_LONG = _l("This is longer than %(longest)s characters. Send it in two parts.", longest=f"{LONGEST:,}")
EMPTY = _l("Write something before you send it.")


def _neat(text: str | None) -> str:
    """Keep line breaks as the site keeps them: a browser sends two signs for each."""
    return (text or "").replace("\r\n", "\n").strip()


class MessageForm(FlaskForm):  # type: ignore[misc]
    """One message."""

    body = TextAreaField(
        _l("Your message"), [DataRequired(EMPTY), Length(max=LONGEST, message=TOO_LONG)], filters=[_neat]
    )
