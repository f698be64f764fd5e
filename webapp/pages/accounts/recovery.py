"""The recovery code: made and shown once, and used by whoever has forgotten her passphrase."""

from flask import render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.new_passphrase import NewPassphraseForm
from webapp.pages.accounts.present import PresentForm, is_fresh, is_herself
from webapp.security import limits, sessions
from webapp.security.accounts import hash_passphrase
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import recovery

SHOWN_ONCE = "shown_once"
"""Where the cookie carries a code from the act that made it to the page that shows it, and no further."""
WRONG_CODE = _l("This name and code do not go together. Check both. A code works once only.")


class ForgottenForm(NewPassphraseForm):
    """Name, code, and the passphrase that she will have."""

    username = StringField(_l("Name"), [InputRequired(_l("Enter the name that you sign in with."))])
    code = StringField(_l("Recovery code"), [InputRequired(_l("Enter the code that you wrote down."))])

    def known_of_her(self) -> list[str]:
        """Add the name that she signs in with to what must not be her passphrase."""
        return [*super().known_of_her(), self.username.data or ""]


@page.get("/account/recovery-code")
@declares(Action.KEEP_WAYS_BACK)
def show_code() -> ResponseReturnValue:
    """Show the code that was just made, once; else say what it is for, and how to make one."""
    code = session.pop(SHOWN_ONCE, None)
    if code is not None:
        return render_template("accounts/code.html", code=code)
    return _code_page(PresentForm())


@page.post("/account/recovery-code")
@declares(Action.KEEP_WAYS_BACK)
def make_code() -> ResponseReturnValue:
    """Make a code. Whoever picks up a device that was left open does not get one."""
    form = PresentForm()
    if not is_fresh() and not is_herself(form):
        return _code_page(form), 422
    with transaction() as writing:
        code = recovery.make_code(writing, current_actor(), now=clock.now())
    session[SHOWN_ONCE] = code
    return lead_to("accounts.show_code")


@page.get("/forgotten")
@declares(Action.USE_WAY_BACK)
def show_forgotten() -> ResponseReturnValue:
    """Show every way back for whoever has forgotten her passphrase."""
    return render_template("accounts/forgotten.html", form=ForgottenForm())


@page.post("/forgotten")
@declares(Action.USE_WAY_BACK)
def use_code() -> ResponseReturnValue:
    """Set a new passphrase by a code; a wrong name answers like a wrong code, and neither costs more than a look."""
    form = ForgottenForm()
    if form.validate():
        username, code, address = form.username.data, form.code.data, limits.current_address()
        limits.count_try(way_back=address)
        try:
            fresh = _exchange(username, code, form.chosen)
            limits.take_back(way_back=address)
            sessions.end_current()
            session[SHOWN_ONCE] = fresh
            return lead_to("accounts.show_come_back")
        except recovery.WrongCode:
            form.code.errors = [WRONG_CODE]
    return render_template("accounts/forgotten.html", form=form), 422


@page.get("/forgotten/done")
@declares(Action.USE_WAY_BACK)
def show_come_back() -> ResponseReturnValue:
    """Lead to the sign-in, with the code that takes the place of the used one, shown once."""
    return render_template("accounts/come_back.html", code=session.pop(SHOWN_ONCE, None))


def _exchange(username: str, code: str, passphrase: str) -> str:
    """Look whether the code is right before the passphrase is hashed. Raises WrongCode."""
    with transaction() as reading:
        if not recovery.is_code_right(reading, username, code):
            raise recovery.WrongCode
    hashed = hash_passphrase(passphrase)
    with transaction() as writing:
        return recovery.use_code(writing, username, code, hashed, now=clock.now())


def _code_page(form: PresentForm) -> str:
    with transaction() as reading:
        ways = recovery.read_ways(reading, current_actor(), now=clock.now())
    return render_template("accounts/make_code.html", form=form, ways=ways, fresh=is_fresh())
