"""The second locks of one's own account. A change asks for fresh proof, ends other sign-ins and renews this one."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.factors import Proof
from webapp.extensions import Session, transaction
from webapp.pages.factors.forms import NOT_TAKEN, WRONG, FirstCodeForm, PasskeyForm, PassphraseForm
from webapp.security import factors as edge
from webapp.security import passkeys as keys_edge
from webapp.security import sessions, signing_in
from webapp.security.accounts import check_own
from webapp.security.guard import current_actor, declares
from webapp.services import accounts
from webapp.services.accounts import factors, passkeys
from webapp.services.acting import Missing

page = Blueprint("factors", __name__, template_folder="templates")
BEGUN = "codes_begun"
"""Which codes are being set up in this browser; in no other can their secret be read."""


def fresh(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Ask for the passphrase again first, where she gave it more than some minutes ago."""

    @wraps(view)
    def asked(**values: Any) -> ResponseReturnValue:
        if not signing_in.is_fresh():
            return redirect(url_for("factors.show_again"), 303)
        return view(**values)

    return asked


@page.get("/account/locks")
@declares(Action.SEE_FACTORS)
def show_locks() -> str:
    """Show what guards her account beside her passphrase."""
    actor = current_actor()
    with transaction() as reading:
        locks, keys = factors.see_locks(reading, actor), passkeys.list_own(reading, actor)
    required, possible = factors.requires_lock(actor.roles), keys_edge.are_possible()
    return render_template("factors/locks.html", locks=locks, keys=keys, required=required, possible=possible)


@page.get("/account/again")
@declares(Action.CHANGE_FACTORS)
def show_again() -> str:
    """Ask for the passphrase once more."""
    return render_template("factors/again.html", form=PassphraseForm())


@page.post("/account/again")
@declares(Action.CHANGE_FACTORS)
def prove_again() -> ResponseReturnValue:
    """Take the passphrase once more."""
    form = PassphraseForm()
    if form.validate():
        if check_own(form.passphrase.data):
            signing_in.prove_again()
            flash(_("Thank you. For five minutes you can change your second locks."))
            return redirect(url_for("factors.show_locks"), 303)
        form.passphrase.errors = [WRONG]
    return render_template("factors/again.html", form=form), 422


# One-time codes


@page.post("/account/codes")
@declares(Action.CHANGE_FACTORS)
@fresh
def begin_codes() -> ResponseReturnValue:
    """Make the secret for a new app; what she has works until the new one is confirmed."""
    with transaction() as writing:
        begun = factors.begin_codes(writing, current_actor(), edge.new_secret(), now=clock.now())
    session[BEGUN] = str(begun)
    return redirect(url_for("factors.show_codes"), 303)


@page.get("/account/codes")
@declares(Action.CHANGE_FACTORS)
def show_codes() -> ResponseReturnValue:
    """Show the secret to her app, once, while she sets it up."""
    return _codes_page(FirstCodeForm())


@page.get("/account/codes/picture")
@declares(Action.CHANGE_FACTORS)
def draw_codes() -> ResponseReturnValue:
    """Draw the square that her app reads."""
    with transaction() as reading:
        begun = _find_begun(reading)
        if begun is None:
            return redirect(url_for("factors.show_locks"), 303)
        drawn = edge.draw(begun.secret, g.user.username)
    return Response(drawn, mimetype="image/svg+xml")


@page.post("/account/codes/confirm")
@declares(Action.CHANGE_FACTORS)
def confirm_codes() -> ResponseReturnValue:
    """Let the new codes count, once her app has shown the first."""
    form = FirstCodeForm()
    if not form.validate():
        return _codes_page(form, 422)
    taken = _change(lambda writing: _confirm(writing, form.code.data))
    if not taken:
        form.code.errors, form.code.data = [NOT_TAKEN], None
        return _codes_page(form, 422)
    return _after_adding(Proof.CODE)


@page.post("/account/codes/remove")
@declares(Action.CHANGE_FACTORS)
@fresh
def remove_codes() -> ResponseReturnValue:
    """Take her codes away."""
    return _remove(lambda writing: factors.remove_codes(writing, current_actor(), now=clock.now()))


# Recovery codes


@page.post("/account/recovery-codes")
@declares(Action.CHANGE_FACTORS)
@fresh
def make_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them once; the old ones are dead."""
    if not _locks().any:
        return redirect(url_for("factors.show_locks"), 303)
    sessions.renew(g.known)
    return _recovery_page()


# Passkeys


@page.get("/account/passkeys")
@declares(Action.CHANGE_FACTORS)
@fresh
def show_new_passkey() -> ResponseReturnValue:
    """Offer to add a passkey, under a name that she chooses."""
    return _passkey_page(PasskeyForm())


@page.post("/account/passkeys")
@declares(Action.CHANGE_FACTORS)
@fresh
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that her device has just made."""
    form = PasskeyForm()
    if not form.validate():
        return _passkey_page(form, 422)
    if not _change(lambda writing: _add(writing, form.name.data)):
        flash(_("This passkey was not kept. Please try once more."))
        return redirect(url_for("factors.show_new_passkey"), 303)
    return _after_adding(Proof.SECOND_PASSKEY)


@page.post("/account/passkeys/<uuid:passkey_id>/remove")
@declares(Action.CHANGE_FACTORS)
@fresh
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Take one of her passkeys away."""
    return _remove(lambda writing: passkeys.remove(writing, current_actor(), passkey_id, now=clock.now()))


# What they share


def _change(act: Callable[[Session], bool]) -> bool:
    """Change her locks; where that was done, her other sign-ins end in the same transaction."""
    with transaction() as writing:
        accounts.lock_known(writing, g.known)
        done = act(writing)
        if done:
            signing_in.end_others(writing)
    return done


def _confirm(writing: Session, said: str) -> bool:
    begun = _find_begun(writing)
    if begun is None or not edge.takes(begun, said):
        return False
    factors.confirm_codes(writing, current_actor(), begun.id, now=clock.now())
    return True


def _add(writing: Session, name: str) -> bool:
    made = keys_edge.check_new(writing, request.form.get("credential", ""), _own_id())
    if made is None:
        return False
    try:
        passkeys.add(writing, current_actor(), name=name, now=clock.now(), **vars(made))
    except passkeys.TooMany:
        return False
    return True


def _remove(act: Callable[[Session], None]) -> ResponseReturnValue:
    def removed(writing: Session) -> bool:
        act(writing)
        return True

    try:
        _change(removed)
        sessions.renew(g.known)
    except factors.LastLock:
        flash(_("Your role needs a second lock. Add another one first, then you can take this one away."))
    return redirect(url_for("factors.show_locks"), 303)


def _after_adding(proof: Proof) -> ResponseReturnValue:
    """Renew the sign-in; show recovery codes with the first lock, else go back to the list."""
    sessions.renew(g.known, proof if g.proof is Proof.PASSPHRASE else None)
    if _locks().recovery_left == 0:
        return _recovery_page()
    flash(_("Your new second lock is in use. Everywhere else you were signed out."))
    return redirect(url_for("factors.show_locks"), 303)


def _recovery_page() -> str:
    codes = edge.new_recovery_codes()

    def kept(writing: Session) -> bool:
        factors.keep_recovery_codes(writing, current_actor(), codes, now=clock.now())
        return True

    _change(kept)
    return render_template("factors/recovery.html", codes=codes)


def _codes_page(form: FirstCodeForm, status: int = 200) -> ResponseReturnValue:
    with transaction() as reading:
        begun = _find_begun(reading)
        if begun is None:
            return redirect(url_for("factors.show_locks"), 303)
        typed = edge.secret_in_fours(begun.secret)
    return make_response(render_template("factors/codes.html", form=form, typed=typed, label=edge.LABEL), status)


def _passkey_page(form: PasskeyForm, status: int = 200) -> ResponseReturnValue:
    asked = None
    if keys_edge.are_possible():
        with transaction() as reading:
            known = list(passkeys.keys_of(reading, _own_id()))
            asked = keys_edge.ask_for_new(_own_id(), g.user.username, known)
    return make_response(render_template("factors/passkey.html", form=form, asked=asked), status)


def _find_begun(reading: Session) -> factors.OneTimeCode | None:
    begun = session.get(BEGUN)
    return factors.find_begun(reading, current_actor(), UUID(begun), now=clock.now()) if begun else None


def _locks() -> factors.Locks:
    with transaction() as reading:
        return factors.see_locks(reading, current_actor())


def _own_id() -> UUID:
    own = current_actor().id
    if own is None:
        raise Missing
    return own
