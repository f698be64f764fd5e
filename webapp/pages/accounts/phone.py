"""Words for the phone: set and taken away by their owner; the desk tries them on a page of its own."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.recovery import LONGEST_PHONE_WORDS, SHORTEST_PHONE_WORDS
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.present import PresentForm, is_fresh, is_herself
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import phone_words, recovery
from webapp.ui import language

TOO_LITTLE = _l(
    "Use two words or more, with %(shortest)s to %(longest)s letters in all; or tick the two that are offered.",
    shortest=SHORTEST_PHONE_WORDS,
    longest=LONGEST_PHONE_WORDS,
)
THE_CODE_WORD = _l("These are your code word. We say that one first when we call, so it cannot prove that it is you.")
BOTH = _l("You typed words and ticked the two that are offered. Use only one of the two.")


class PhoneWordsForm(PresentForm):
    """Words of her own, or the two that are offered."""

    said = StringField(_l("Your own words"))
    take_words = BooleanField(_l("Use these two words"))
    words = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        if not recovery.were_offered(self.words.data or ""):
            self.words.data = phone_words.offer(language.current())

    @property
    def chosen(self) -> str:
        """Return the words that she chose."""
        return str(self.words.data if self.take_words.data else self.said.data or "")


@page.get("/account/phone-words")
@declares(Action.KEEP_WAYS_BACK)
def show_phone_words() -> ResponseReturnValue:
    """Say what the words are for, and show the form."""
    return _phone_page(PhoneWordsForm())


@page.post("/account/phone-words")
@declares(Action.KEEP_WAYS_BACK)
def set_phone_words() -> ResponseReturnValue:
    """Keep her words."""
    form = PhoneWordsForm()
    if form.take_words.data and form.said.data:
        form.said.errors = [BOTH]
    elif is_fresh() or is_herself(form):
        try:
            with transaction() as session:
                phone_words.set_phone_words(session, current_actor(), form.chosen, now=clock.now())
            flash(_("Your words for the phone are kept. They are used up once they have let you in."))
            return lead_to("accounts.show_account")
        except phone_words.NotForThePhone:
            form.said.errors = [TOO_LITTLE]
        except phone_words.IsCodeWord:
            form.said.errors = [THE_CODE_WORD]
    return _phone_page(form), 422


@page.post("/account/phone-words/forget")
@declares(Action.KEEP_WAYS_BACK)
def forget_phone_words() -> ResponseReturnValue:
    """Take her words away; nobody can be let in by the phone then."""
    with transaction() as session:
        phone_words.forget_phone_words(session, current_actor(), now=clock.now())
    flash(_("You have no words for the phone now."))
    return lead_to("accounts.show_account")


def _phone_page(form: PhoneWordsForm) -> str:
    with transaction() as session:
        ways = recovery.read_ways(session, current_actor(), now=clock.now())
    return render_template("accounts/phone_words.html", form=form, ways=ways, fresh=is_fresh())
