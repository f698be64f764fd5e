"""What the two agree on at the start, and change later by the same way: one proposes, the other agrees."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.introductions.arranging import TermsForm
from webapp.pages.introductions.blueprint import lead_back, page
from webapp.pages.introductions.pair_page import name_way, names_of, pair_page
from webapp.security import limits, quiet
from webapp.security.guard import current_actor, declares
from webapp.services import introductions
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.pairs import agreements, meetings, wishes
from webapp.ui import meeting_words
from webapp.ui.forms import many_at_once


@page.get("/together/<uuid:introduction_id>/agreement")
@declares(Action.AGREE)
def show_agreement(introduction_id: UUID) -> ResponseReturnValue:
    """Show what is agreed or proposed, and the form to propose."""
    return _agreement_page(introduction_id)


@page.post("/together/<uuid:introduction_id>/agreement")
@declares(Action.AGREE, keeps="introductions.show_agreement")
def propose_terms(introduction_id: UUID) -> ResponseReturnValue:
    """Propose how the two could talk."""
    form = _form(introduction_id)
    if not form.validate():
        return _agreement_page(introduction_id, form), 422
    try:
        limits.count_try(writing=str(current_actor().id))
        with transaction() as session:
            agreements.propose(session, current_actor(), introduction_id, form.terms, now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except agreements.BadTerms:
        form.ask_for_one()
        return _agreement_page(introduction_id, form), 422
    except WrongStep:
        return _agreement_page(introduction_id, form), 409
    except limits.TooSoon as wait:
        form.private.errors = [many_at_once(wait.seconds)]
        return _agreement_page(introduction_id, form), 429
    return lead_back(introduction_id, "agreed")


@page.post("/together/<uuid:introduction_id>/agreement/<uuid:agreement_id>/agree")
@declares(Action.AGREE)
def agree(introduction_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """Say yes to what the other proposed."""
    try:
        with transaction() as session:
            agreements.agree(session, current_actor(), introduction_id, agreement_id, now=clock.now())
    except (WrongStep, TooLate):
        said = _("That was not done, because it has changed meanwhile. This is how it stands now.")
        return pair_page(introduction_id, lost=said), 409
    return lead_back(introduction_id, "agreed")


@page.post("/together/<uuid:introduction_id>/agreement/later")
@declares(Action.AGREE)
def put_off(introduction_id: UUID) -> ResponseReturnValue:
    """Leave it for later."""
    with transaction() as session:
        agreements.put_off(session, current_actor(), introduction_id, now=clock.now())
    flash(_("That is fine. You two can talk without it, and do this whenever you like."))
    return lead_back(introduction_id)


def _form(introduction_id: UUID) -> TermsForm:
    with transaction() as session:
        choice = meetings.read_choice(session, current_actor(), introduction_id, now=clock.now())
    return _form_of(choice, {})


def _form_of(choice: meetings.Choice, terms: dict[str, Any]) -> TermsForm:
    return TermsForm([(way, name_way(way)) for way in choice.shared.ways], terms)


def _agreement_page(introduction_id: UUID, form: TermsForm | None = None) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        held = introductions.load_pair(session, actor, introduction_id, Action.AGREE)  # so that it is read once
        pair = introductions.read_introduction(session, actor, held.id)
        hers = wishes.read(session, actor, held.id)
        standing = agreements.read_standing(session, actor, held.id, hers, now=now)
        choice = meetings.read_choice(session, actor, held.id, now=now)
    begins_with = standing.proposed or standing.agreed
    return render_template(
        "introductions/terms.html",
        pair=pair,
        standing=standing,
        form=form or _form_of(choice, begins_with.terms if begins_with else {}),
        is_typed=form is not None or quiet.has_words_here(),
        words=meeting_words,
        names_of=names_of,
    )
