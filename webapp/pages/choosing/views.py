"""Up to three cards, and her choice: one, an order, nobody, or "choose for me"; then who is being asked."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.domain.requests import State
from webapp.extensions import Session, transaction
from webapp.pages.choosing.cards import Card, card_of
from webapp.pages.choosing.forms import form_of, name_of, order_in
from webapp.security.guard import current_actor, declares
from webapp.services import choices, requests, waiting
from webapp.services.acting import TooLate
from webapp.ui.forms import Form
from webapp.ui.language import current as current_language

page = Blueprint("choosing", __name__, template_folder="templates")


@page.get("/people")
@declares(Action.SEE_CARDS)
def show_cards() -> ResponseReturnValue:
    """Show the cards; or who is being asked; or that there is nobody to show yet."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None or hers.state not in (State.WAITING, State.PROPOSED):
            return redirect(url_for("requests.show_state"), 303)
        cards = read_cards(session, hers)
        if not cards:
            promise = waiting.read_waiting(session, current_actor(), hers, now=clock.now())
            return render_template("choosing/nobody.html", promise=promise)
        asked = next((card for card in cards if card.asked_until), None)
        if asked is None:
            return cards_page(cards, form_of(cards))
        could_not = choices.list_who_could_not(session, current_actor(), hers)
        return asked_page(asked, cards, could_not, hers.time_zone)


def read_cards(session: Session, hers: requests.Request) -> list[Card]:
    """Return the cards in words."""
    shown = choices.list_cards(session, current_actor(), hers)
    return [card_of(one, current_language()) for one in shown]


def cards_page(cards: list[Card], form: Form) -> str:
    """Render the cards to choose from."""
    return render_template("choosing/cards.html", cards=cards, form=form, name_of=name_of)


def asked_page(asked: Card, cards: list[Card], could_not: list[str], zone: str) -> str:
    """Render who is being asked, who comes next, and when to come back."""
    assert asked.asked_until is not None
    ranked = sorted(
        (card for card in cards if card.her_order and card is not asked), key=lambda card: card.her_order or 0
    )
    return render_template(
        "choosing/asked.html",
        asked=asked,
        next_name=ranked[0].name if ranked else None,
        come_back_on=asked.asked_until.astimezone(ZoneInfo(zone)).date() + timedelta(days=1),
        could_not=could_not,
        is_over=asked.asked_until <= clock.now(),
    )


@page.post("/people")
@declares(Action.CHOOSE_CARD)
def choose() -> ResponseReturnValue:
    """Take her choice; the first whom she chose is asked at once. A second tap shows what came of the first."""
    try:
        return take_choice()
    except (TooLate, WrongStep):
        return redirect(url_for(".show_cards"), 303)


def take_choice() -> ResponseReturnValue:
    """Read her choice and keep it. Raises TooLate, WrongStep; the former too where she took her request back."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None:
            raise TooLate
        cards, instead = read_cards(session, hers), request.form.get("instead")
        if instead not in (choices.NOBODY, choices.CHOOSE_FOR_ME):
            instead = None
        form = form_of(cards)
        ordered = [] if instead else picked_in(form, cards)
        if ordered is None:
            return cards_page(cards, form), 422
        choices.choose(session, current_actor(), hers.id, ordered=ordered, instead=instead, now=clock.now())
    return redirect(url_for(".show_cards"), 303)


def picked_in(form: Form, cards: list[Card]) -> list[UUID] | None:
    """Return the one whom she asked for by her button, or those in her order; None where that cannot be read."""
    if "pick" in request.form or not cards:
        return [card.id for card in cards if str(card.id) == request.form.get("pick")]
    return order_in(form, cards)
