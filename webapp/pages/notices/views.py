"""Where notices for those who work here go; and for the desk, to try a notice again or to give it up."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action, Role
from webapp.extensions import transaction
from webapp.pages.notices.forms import TOO_LATE, WRONG, AddressForm, CodeForm
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.notices import addresses, failures

page = Blueprint("notices", __name__, template_folder="templates")


@page.get("/account/notices")
@declares(Action.SEE_NOTICE_ADDRESS)
def show_address() -> ResponseReturnValue:
    """Say where her notices go, and what they say. Whoever has asked as a woman is reached as a woman only."""
    if Role.REQUESTER in current_actor().roles:
        return redirect(url_for("safe_contact.show_contact"), 303)
    return _page()


@page.post("/account/notices")
@declares(Action.CHANGE_NOTICE_ADDRESS, keeps="notices.show_address")
def give_address() -> ResponseReturnValue:
    """Take an address, and send a code to it."""
    form = AddressForm()
    if not form.validate():
        return _page(form=form), 422
    if not current_app.config["SETTINGS"].mail.is_there:  # no code could leave, and none may be promised
        return _page(), 409
    limits.count_try(new_address=str(current_actor().id))
    with transaction() as session:
        addresses.give_address(session, current_actor(), form.address.data, form.zone.data, now=clock.now())
        kept_words.settle(session, current_actor(), request.path, now=clock.now())
    flash(_("A code is on its way to this address. Type it below within one hour."))
    return redirect(url_for("notices.show_address"), 303)


@page.post("/account/notices/code")
@declares(Action.CHANGE_NOTICE_ADDRESS)
def try_code() -> ResponseReturnValue:
    """Take the code that came to her address."""
    form = CodeForm()
    if form.validate():
        with transaction() as session:
            outcome = addresses.try_code(session, current_actor(), form.digits.data, now=clock.now())
        if outcome is addresses.Outcome.RIGHT:
            flash(_("Your notices go there from now on."))
            return redirect(url_for("notices.show_address"), 303)
        form.digits.errors = [TOO_LATE if outcome is addresses.Outcome.TOO_LATE else WRONG]
    return _page(code_form=form), 422


@page.post("/account/notices/forget")
@declares(Action.CHANGE_NOTICE_ADDRESS)
def forget_address() -> ResponseReturnValue:
    """Take the address away."""
    with transaction() as session:
        addresses.forget_address(session, current_actor(), now=clock.now())
    flash(_("Your address is taken away. Nothing goes there any more."))
    return redirect(url_for("notices.show_address"), 303)


def _page(form: AddressForm | None = None, code_form: CodeForm | None = None) -> str:
    with transaction() as session:
        shown = addresses.read_own(session, current_actor(), now=clock.now())
    zone = {"zone": shown.zone} if shown else {}
    return render_template(
        "notices/address.html",
        shown=shown,
        form=form or AddressForm(data=zone),
        code_form=code_form or CodeForm(),
        wrong=form or code_form,
        sends_mail=current_app.config["SETTINGS"].mail.is_there,
    )


# What the desk does with a notice that could not be sent


@page.post("/desk/notices/<uuid:notice_id>/again")
@declares(Action.SETTLE_NOTICE)
def try_again(notice_id: UUID) -> ResponseReturnValue:
    """Let it be tried again."""
    try:
        with transaction() as session:
            failures.try_again(session, current_actor(), notice_id, now=clock.now())
        flash(_("It is tried again within a minute."))
    except TooLate:
        flash(_("Somebody else has decided about it."))
    return redirect(url_for("desk.show_desk", queue="unsent"), 303)


@page.post("/desk/notices/<uuid:notice_id>/give-up")
@declares(Action.SETTLE_NOTICE)
def give_up(notice_id: UUID) -> ResponseReturnValue:
    """Let it be."""
    try:
        with transaction() as session:
            failures.give_up(session, current_actor(), notice_id, now=clock.now())
        flash(_("It is not tried again."))
    except TooLate:
        flash(_("Somebody else has decided about it."))
    return redirect(url_for("desk.show_desk", queue="unsent"), 303)
