"""The present passphrase, asked before something that opens an account to whoever has it; not within fresh minutes."""

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from webapp import clock
from webapp.extensions import transaction
from webapp.security.accounts import check_own
from webapp.services.accounts import recovery
from webapp.ui.forms import Form

NOT_YOURS = _l("This is not your present passphrase. Check it, then try again.")
EMPTY = _l("Enter your present passphrase.")


class PresentForm(Form):
    """The passphrase that she has now."""

    present = PasswordField(_l("Your present passphrase"))


def is_fresh() -> bool:
    """Say whether she typed her passphrase on this device only minutes ago."""
    with transaction() as session:
        return recovery.is_fresh(session, g.sign_in_id, now=clock.now())


def is_herself(form: PresentForm) -> bool:
    """Check the present passphrase; what is wrong with it stands beside its field then. Raises TooSoon."""
    if form.present.data and check_own(form.present.data):
        return True
    form.present.errors = [NOT_YOURS if form.present.data else EMPTY]
    return False
