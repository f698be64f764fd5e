"""A supporter reads an offer and answers it in one step. No reason is ever asked, and no answer is told with one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.extensions import aside, transaction
from webapp.security.guard import current_actor, declares
from webapp.services import checkins, introductions, matching, offers
from webapp.services.absences import breaks, standing
from webapp.services.acting import TooLate
from webapp.services.cards import falling_away
from webapp.ui import language
from webapp.ui.thread_forms import asked_before

page = Blueprint("offers", __name__, template_folder="templates")


@page.get("/offers")
@declares(Action.SEE_OFFER)
def show_offers() -> ResponseReturnValue:
    """Show what is next for a supporter."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        cards = offers.list_offer_cards(session, actor, now=now)
        asks = standing.list_asks(session, actor, now=now)
        pairs = introductions.list_pairs(session, actor, before=asked_before())
        mine = breaks.read_break(session, actor, now=now)
        due = checkins.list_mine(session, actor, on=now.date())
    if cards:
        with aside() as session:
            offers.record_reading_of_offers(session, actor, [card["id"] for card in cards], now=now)
    if asks:
        with aside() as session:
            standing.record_reading(session, actor, [ask.id for ask in asks], now=now)
    ended = [pair for pair in pairs if pair.has_ended]
    last = ended[-1].id if len(ended) == introductions.A_PAGE else None
    return render_template("offers/offers.html", offers=cards, pairs=pairs, due=due, last=last, mine=mine, asks=asks)


@page.get("/offers/<uuid:proposal_id>")
@declares(Action.SEE_OFFER)
def show_offer(proposal_id: UUID) -> ResponseReturnValue:
    """Show the small card: a name and what is hoped for. No contact, no score."""
    try:
        with transaction() as session:
            offer = offers.read_offer(session, current_actor(), proposal_id, now=clock.now())
    except (TooLate, NoPlaceLeft) as late:
        return offer_is_over(late)
    with aside() as session:
        offers.record_reading_of_offers(session, current_actor(), [proposal_id], now=clock.now())
    hopes = [matching.say(message, language.current()) for message in offer["messages"]]
    return render_template("offers/offer.html", offer=offer, hopes=hopes)


@page.post("/offers/<uuid:proposal_id>/accept")
@declares(Action.ANSWER_OFFER)
def accept_offer(proposal_id: UUID) -> ResponseReturnValue:
    """Say yes; the two are introduced at once. A second tap leads to the pair of the first.

    Where that takes her last place, her other offers go to the next in line at once.
    """
    try:
        with transaction() as session:
            pair = offers.accept_proposal(session, current_actor(), proposal_id, now=clock.now())
            pair_id, supporter_id = pair.id, pair.supporter_id
    except (TooLate, WrongStep, NoPlaceLeft) as late:
        return offer_is_over(late)
    falling_away.pass_on_from(supporter_id, now=clock.now())
    return redirect(url_for("introductions.show_introduction", introduction_id=pair_id), 303)


@page.post("/offers/<uuid:proposal_id>/decline")
@declares(Action.ANSWER_OFFER)
def decline_offer(proposal_id: UUID) -> ResponseReturnValue:
    """Say not this time. Knowing her is the same silent answer: nothing here tells the two apart."""
    try:
        with transaction() as session:
            offers.decline_proposal(session, current_actor(), proposal_id, now=clock.now())
    except WrongStep as late:
        return offer_is_over(late)
    flash(_("Thank you for answering. Nobody is told why, and it changes nothing for your next offer."))
    return redirect(url_for("offers.show_offers"), 303)


def offer_is_over(late: Exception) -> ResponseReturnValue:
    """Say kindly that an offer of hers cannot be answered any more; or that she has no room now, and all is well."""
    return render_template("offers/over.html", has_no_room=isinstance(late, NoPlaceLeft)), 409
