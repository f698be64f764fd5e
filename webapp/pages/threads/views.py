"""The page of a woman or a supporter with the coordinators."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action, Role
from webapp.extensions import aside, transaction
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import kept_words
from webapp.services.threads import people, talking
from webapp.ui import hours_words
from webapp.ui.thread_forms import ContactForm, WordsForm, asked_before, many_at_once

page = Blueprint("threads", __name__, template_folder="templates")


@page.get("/coordinator")
@declares(Action.SEE_THREAD)
def show_own() -> ResponseReturnValue:
    """Show what she and the coordinators wrote, and let her write."""
    return _page(WordsForm())


@page.post("/coordinator")
@declares(Action.WRITE_TO_STAFF, keeps="threads.show_own")
def write() -> ResponseReturnValue:
    """Write to the coordinators; where she is very quick, her words are given back."""
    form = WordsForm()
    if not form.validate():
        return _page(form), 422
    try:
        limits.count_try(writing=str(current_actor().id))
        with transaction() as session:
            talking.write(session, current_actor(), form.body.data, form.token(), now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except limits.TooSoon as wait:
        form.body.errors = [many_at_once(wait.seconds)]
        return _page(form), 429, {"Retry-After": str(wait.seconds)}
    return redirect(url_for("threads.show_own", _anchor="talk"), 303)


@page.get("/coordinator/soon")
@declares(Action.SEE_THREAD)
def show_soon() -> ResponseReturnValue:
    """Show the form by which she asks to be contacted soon."""
    return _soon_page(_contact_form())


@page.post("/coordinator/soon")
@declares(Action.ASK_FOR_CONTACT, keeps="threads.show_soon")
def ask_for_contact() -> ResponseReturnValue:
    """Ask the coordinators to contact her soon; pressed twice is once."""
    form = _contact_form()
    if not form.validate():
        return _soon_page(form), 422
    try:
        limits.count_try(writing=str(current_actor().id))
        with transaction() as session:
            how, words = talking.How(form.how.data), form.words.data or ""
            talking.ask_for_contact(session, current_actor(), how, words, form.token(), now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except limits.TooSoon as wait:
        form.words.errors = [many_at_once(wait.seconds)]
        return _soon_page(form), 429, {"Retry-After": str(wait.seconds)}
    return redirect(url_for("threads.show_own"), 303)


def _page(form: WordsForm) -> str:
    actor = current_actor()
    with transaction() as session:
        talk = talking.read_own(session, actor, before=asked_before())
        zone = people.zone_of(session, actor)
    if any(one.is_new for one in talk.words):
        with aside() as session:
            talking.note_seen(session, actor, talk)
    form.token()
    hours = hours_words.say_hours()
    return render_template(
        "threads/own.html", form=form, talk=talk, zone=zone, now=clock.now(), How=talking.How, hours=hours
    )


def _contact_form() -> ContactForm:
    return ContactForm.of(supports=Role.SUPPORTER in current_actor().roles)


def _soon_page(form: ContactForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        wait = talking.read_own(session, actor).wait
        zone = people.zone_of(session, actor)
    form.token()
    supports = Role.SUPPORTER in actor.roles
    words = {"hours": hours_words.say_hours(), "said": hours_words.say_when_today(zone, now=now)}
    return render_template("threads/soon.html", form=form, wait=wait, zone=zone, supports=supports, **words)
