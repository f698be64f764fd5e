"""The form for a new passphrase: typed twice, or four words that the site offers, taken by a tick."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, PasswordField, ValidationError

from webapp.domain.passphrases import LONGEST, SHORTEST, Weakness, weakness_of
from webapp.security.context import programme_name
from webapp.services.accounts.recovery import offer_words, were_offered
from webapp.ui import language
from webapp.ui.forms import Form

MISSING = _l("Type a passphrase, or tick the four words below it.")
DIFFERENT = _l("The two passphrases differ. Type both once more.")
BOTH = _l("You typed a passphrase and ticked the four words too. Use only one of the two.")
REFUSED = {
    Weakness.TOO_SHORT: _l("Use at least %(shortest)s characters. Four words are enough.", shortest=SHORTEST),
    Weakness.TOO_LONG: _l("Use at most %(longest)s characters.", longest=LONGEST),
    Weakness.REPEATED: _l("This repeats itself, so it would soon be guessed. Put different words together."),
    Weakness.A_ROW: _l("This is a row of keys or of the alphabet, and would soon be guessed. Use words instead."),
    Weakness.ABOUT_HER: _l("Your name here or the name of this place is in it. Use words that others cannot know."),
    Weakness.COMMON: _l("This is close to what many people use, and would soon be guessed. Add a few more words."),
}


class NewPassphraseForm(Form):
    """A passphrase, twice, because nobody can send a forgotten one by mail; or the words that stand below."""

    passphrase = PasswordField(_l("Choose a passphrase"))
    again = PasswordField(_l("Passphrase again"))
    take_words = BooleanField(_l("Use these four words"))
    words = HiddenField()

    def __init__(self, *known_of_her: str, **more: Any) -> None:
        super().__init__(**more)
        self._known = known_of_her
        if not were_offered(self.words.data or ""):
            self.words.data = offer_words(language.current())

    @property
    def chosen(self) -> str:
        """Return the passphrase that she chose."""
        return str(self.words.data if self.take_words.data else self.passphrase.data or "")

    def known_of_her(self) -> Iterable[str]:
        """Return the words that others know of her."""
        return [programme_name(), *self._known]

    def validate_passphrase(self, field: Field) -> None:
        """Ask for one of the two, and refuse what would soon be guessed."""
        if self.take_words.data and field.data and field.data != self.words.data:
            raise ValidationError(BOTH)
        if not self.chosen:
            raise ValidationError(MISSING)
        weakness = weakness_of(self.chosen, self.known_of_her())
        if weakness is not None:
            raise ValidationError(REFUSED[weakness])

    def validate_again(self, field: Field) -> None:
        """Ask for the same a second time, where it was typed."""
        if not self.take_words.data and field.data != self.passphrase.data:
            raise ValidationError(DIFFERENT)
