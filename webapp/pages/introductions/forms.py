"""A message to the other, and the passphrase that opens a locked conversation."""

from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, TextAreaField
from wtforms.validators import DataRequired, Length

from webapp.domain.texts import neat
from webapp.security.accounts import check_own
from webapp.services.conversations import LONGEST
from webapp.ui.forms import Form, read_id

TOO_LONG = _l("This is longer than %(longest)s characters. Send it in two parts.", longest=f"{LONGEST:,}")
EMPTY = _l("Write something before you send it.")
NOT_YOURS = _l("This is not your passphrase. Check it, then try again.")
NO_PASSPHRASE = _l("Enter your passphrase.")


class MessageForm(Form):
    """One message. `once` is another in each form that is shown, so that a form sent twice is one message."""

    body = TextAreaField(
        _l("Your message"), [DataRequired(EMPTY), Length(max=LONGEST, message=TOO_LONG)], filters=[neat]
    )
    once = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        self.token = read_id(self.once.data)
        self.once.data = str(self.token or uuid4())


class HerselfForm(Form):
    """The passphrase that she signs in with."""

    passphrase = PasswordField(_l("Your passphrase"))

    def is_herself(self) -> bool:
        """Check it; what is wrong with it stands beside its field then. Raises TooSoon."""
        if self.passphrase.data and check_own(self.passphrase.data):
            return True
        self.passphrase.errors = [NOT_YOURS if self.passphrase.data else NO_PASSPHRASE]
        return False


class FoldingForm(HerselfForm):
    """How she wants to find the conversation."""

    folded = BooleanField(_l("Keep our conversation folded on this page"))
    locked = BooleanField(_l("Ask for my passphrase before it opens"))
