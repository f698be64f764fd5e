"""Forms to sign in and to open an account. Nothing is asked that could give a woman away."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired

from webapp.domain.accounts import (
    LONGEST_NAME,
    LONGEST_PASSPHRASE,
    SHORTEST_NAME,
    SHORTEST_PASSPHRASE,
    is_long_enough,
    is_name,
    neat_name,
    neat_passphrase,
)
from webapp.ui.forms import Form

WRONG = _l("This name and passphrase do not go together. Check both, then try again.")
TAKEN = _l("This name cannot be used here. Choose another one.")
BAD_NAME = _l(
    "Use %(shortest)s to %(longest)s letters or numbers. Dots, hyphens and underscores may stand between them.",
    shortest=SHORTEST_NAME,
    longest=LONGEST_NAME,
)
BAD_PASSPHRASE = _l(
    "Use at least %(shortest)s characters, and at most %(longest)s.",
    shortest=SHORTEST_PASSPHRASE,
    longest=LONGEST_PASSPHRASE,
)


class SignInForm(Form):
    """Name and passphrase."""

    username = StringField(_l("Name"), [InputRequired(_l("Enter the name that you sign in with."))])
    passphrase = PasswordField(_l("Passphrase"), [InputRequired(_l("Enter your passphrase."))])


class OpenAccountForm(Form):
    """A name of one's own, and a passphrase, twice, because nobody can send a forgotten one by mail."""

    username = StringField(_l("Choose a name"), [InputRequired(_l("Choose a name to sign in with."))])
    passphrase = PasswordField(_l("Choose a passphrase"), [InputRequired(_l("Choose a passphrase."))])
    again = PasswordField(
        _l("Passphrase again"), [EqualTo("passphrase", _l("The two passphrases differ. Type both once more."))]
    )

    def validate_username(self, field: Any) -> None:
        """Ask for letters and numbers."""
        if not is_name(neat_name(field.data)):
            raise ValidationError(BAD_NAME)

    def validate_passphrase(self, field: Any) -> None:
        """Ask for length and nothing else."""
        if not is_long_enough(neat_passphrase(field.data)):
            raise ValidationError(BAD_PASSPHRASE)
