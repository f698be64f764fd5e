"""How we may reach her: what she said and whether it counts, one tap to say that it is right, one to close it all."""

from collections.abc import Iterator
from dataclasses import replace

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.safe_contact import Channel, Contact
from webapp.extensions import Session, transaction
from webapp.pages.safe_contact import code_word  # noqa: F401  # its route joins the blueprint
from webapp.pages.safe_contact.blueprint import page as page
from webapp.pages.safe_contact.forms import (
    IS_PHONE_WORDS,
    OTHERS,
    VOICEMAILS,
    WAYS,
    WORDINGS,
    HoursForm,
    Part,
    WaysForm,
    WordsForm,
    hours_form,
    ways_form,
    words_form,
)
from webapp.security.guard import current_actor, declares
from webapp.services import questions
from webapp.services.accounts import kept_words
from webapp.services.matching import Said
from webapp.services.questions import Given, ShownQuestion
from webapp.services.safety import changing
from webapp.services.safety.changing import Own
from webapp.ui import language
from webapp.ui.time_zones import TIME_ZONES

PartForm = WaysForm | HoursForm | WordsForm


@page.get("/how-to-reach-me")
@declares(Action.SEE_SAFE_CONTACT)
def show_contact() -> ResponseReturnValue:
    """Show all that she said, and whether it counts now."""
    with transaction() as session:
        own = changing.read_own(session, current_actor(), now=clock.now())
    return render_template(
        "safe_contact/contact.html",
        own=own,
        contact=own.contact,
        ways=list(_ways_of(own.contact)),
        hours=_hours_of(own.contact),
        zone=TIME_ZONES.get(own.time_zone or "", own.time_zone),
        says={"others": OTHERS, "wording": WORDINGS, "voicemail": VOICEMAILS},
        has_call=Channel.CALL in own.contact.addresses,
        has_email=Channel.EMAIL in own.contact.addresses,
        sends_mail=current_app.config["SETTINGS"].mail.is_there,
    )


def _ways_of(contact: Contact) -> Iterator[tuple[str, str]]:
    return ((str(WAYS[way]), contact.addresses[way]) for way in WAYS if way in contact.addresses)


def _hours_of(contact: Contact) -> list[str]:
    shown = questions.read_in_role("safe_hours", _as_answer(contact), language.current())
    return [option.label for option in shown.marked] if shown else []


def _as_answer(contact: Contact) -> Said:
    return {"answer": sorted(contact.hours), "stars": []}


@page.post("/how-to-reach-me/right")
@declares(Action.CHANGE_SAFE_CONTACT)
def confirm() -> ResponseReturnValue:
    """Let all of it count from now on."""
    with transaction() as session:
        changing.confirm(session, current_actor(), now=clock.now())
    flash(_("Thank you. It counts as it stands here."))
    return redirect(url_for("home.show_home"), 303)


@page.post("/how-to-reach-me/close")
@declares(Action.CHANGE_SAFE_CONTACT)
def close() -> ResponseReturnValue:
    """Close every way that leaves the site, now."""
    with transaction() as session:
        changing.close(session, current_actor(), now=clock.now())
    flash(_("Closed. From now on nothing leaves this site."))
    return redirect(url_for("safe_contact.show_contact"), 303)


# One part


@page.get("/how-to-reach-me/<part>")
@declares(Action.CHANGE_SAFE_CONTACT)
def show_part(part: str) -> ResponseReturnValue:
    """Ask one part of it."""
    asked = _part(part)
    with transaction() as session:
        own = changing.read_own(session, current_actor(), now=clock.now())
    return _part_page(asked, own, _form_of(asked, own))


@page.post("/how-to-reach-me/<part>")
@declares(Action.CHANGE_SAFE_CONTACT, keeps="safe_contact.show_part")
def keep_part(part: str) -> ResponseReturnValue:
    """Keep one part; the others stay as they are."""
    asked = _part(part)
    with transaction() as session:
        own = changing.read_own(session, current_actor(), now=clock.now())
        form = _form_of(asked, own)
        if not form.validate():
            return _part_page(asked, own, form), 422
        try:
            _keep(session, own, form)
        except changing.IsPhoneWords:
            form["code_word"].errors = [IS_PHONE_WORDS]
            return _part_page(asked, own, form), 422
        kept_words.settle(session, current_actor(), request.path, now=clock.now())
    flash(_("Kept."))
    return redirect(url_for("safe_contact.show_contact"), 303)


def _keep(session: Session, own: Own, form: PartForm) -> None:
    contact, zone = replace(own.contact, **form.changed(own.contact)), None
    if isinstance(form, HoursForm):
        zone = form.time_zone.data if "time_zone" in form else None
        contact = replace(contact, hours=_read_hours(own, form))
    changing.keep(session, current_actor(), contact, time_zone=zone or None, now=clock.now())


def _read_hours(own: Own, form: HoursForm) -> frozenset[int]:
    question = _asked_hours(own)
    if question is None or "hours" not in form:
        return own.contact.hours
    said = questions.read_given(question, Given(marks=form.hours.data or []), _as_answer(own.contact))
    return frozenset(said["answer"]) if said else frozenset()


def _asked_hours(own: Own) -> ShownQuestion | None:
    return questions.read_in_role("safe_hours", _as_answer(own.contact), language.current())


def _part(said: str) -> Part:
    return Part(said) if said in set(Part) else abort(404)


def _form_of(part: Part, own: Own) -> PartForm:
    match part:
        case Part.WAYS:
            return ways_form(own.contact)
        case Part.HOURS:
            return hours_form(_asked_hours(own), own.time_zone)
        case Part.WORDS:
            return words_form(own.contact)


def _part_page(part: Part, own: Own, form: PartForm) -> str:
    return render_template(
        f"safe_contact/{part}.html",
        part=part,
        form=form,
        question=_asked_hours(own) if part is Part.HOURS else None,
        has_call=Channel.CALL in own.contact.addresses,
        sends_mail=current_app.config["SETTINGS"].mail.is_there,
    )
