"""The forms of a thread, hers and the staff's: words, the one send token of a form, and how to be contacted."""

import secrets
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.domain.texts import neat
from webapp.services.threads.talking import LONGEST, How
from webapp.ui.forms import Form, read_id

TOO_LONG = _l("This is longer than %(longest)s characters. Send it in two parts.", longest=f"{LONGEST:,}")
USUAL_WAY = _l("The way that you usually reach me")
EMPTY = _l("Write something before you send it.")


class SentOnce(Form):
    """A form with a token of its own: sent twice, it counts once."""

    once = HiddenField()

    def token(self) -> str:
        """Return the token of this form, made where the page is shown for the first time."""
        self.once.data = self.once.data or secrets.token_urlsafe(12)
        return str(self.once.data)


class WordsForm(SentOnce):
    """Words to the other side; `seen` is the last word of hers that the staff had before their eyes."""

    body = TextAreaField(_l("Your words"), [DataRequired(EMPTY), Length(max=LONGEST, message=TOO_LONG)], filters=[neat])
    seen = HiddenField()

    def seen_word(self) -> UUID | None:
        """Return which word of hers stood on the page."""
        return read_id(self.seen.data)


class ContactForm(SentOnce):
    """Please contact me soon: how, and words if she likes."""

    how = RadioField(
        _l("How shall we reach you?"),
        [InputRequired(_l("Tick how we shall reach you."))],
        choices=[
            SelectChoice(How.HERE.value, _l("Write to me here")),
            SelectChoice(How.SAFE_WAYS.value, _l("By the ways that I said are safe")),
        ],
    )

    @classmethod
    def of(cls, *, supports: bool) -> "ContactForm":
        """Make the form for a woman, or for a supporter, who has other ways."""
        form = cls()
        if supports:
            form.how.choices = [form.how.choices[0], SelectChoice(How.SAFE_WAYS.value, USUAL_WAY)]
        return form

    words = TextAreaField(_l("What is it about, if you like"), [Length(max=LONGEST, message=TOO_LONG)], filters=[neat])


def asked_before() -> UUID | None:
    """Read before which word she wants to read on; an address that cannot be read shows the latest."""
    return read_id(request.args.get("before"))
