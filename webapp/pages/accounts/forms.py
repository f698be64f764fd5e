"""Forms to sign in and to open an account. Nothing is asked that could give a woman away."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired

from webapp.domain.accounts import LONGEST_NAME, SHORTEST_NAME, is_name, neat_name
from webapp.pages.accounts.new_passphrase import NewPassphraseForm
from webapp.ui.forms import Form

WRONG = _l("This name and passphrase do not go together. Check both, then try again.")
TAKEN = _l("This name cannot be used here. Choose another one.")
GIVEN_AWAY = _l("This name is no longer free. Here is another one. Type your passphrase once more.")
BAD_NAME = _l(
    "Use %(shortest)s to %(longest)s letters or numbers of one alphabet. Dots, hyphens and underscores may stand "
    "between them.",
    shortest=SHORTEST_NAME,
    longest=LONGEST_NAME,
)


class SignInForm(Form):
    """Name and passphrase."""

    username = StringField(_l("Name"), [InputRequired(_l("Enter the name that you sign in with."))])
    passphrase = PasswordField(_l("Passphrase"), [InputRequired(_l("Enter your passphrase."))])


class OpenAccountForm(NewPassphraseForm):
    """A name that the site offers, taken by its signed form, and a passphrase."""

    offered = HiddenField(_l("Your name here"))


class ChooseNameForm(NewPassphraseForm):
    """A name of one's own, for those who were sent a link to work here, and a passphrase."""

    username = StringField(_l("Choose a name"), [InputRequired(_l("Choose a name to sign in with."))])

    def validate_username(self, field: Field) -> None:
        """Ask for letters and numbers."""
        if not is_name(neat_name(field.data)):
            raise ValidationError(BAD_NAME)

    def known_of_her(self) -> list[str]:
        """Add the name that she chooses to what must not be her passphrase."""
        return [*super().known_of_her(), self.username.data or ""]
