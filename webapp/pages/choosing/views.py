"""Up to three cards, and her choice: one, an order, nobody, or "choose for me"; then who is being asked."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import Session, transaction
from webapp.pages.choosing.cards import Card, card_of
from webapp.pages.choosing.forms import DiffersForm, form_of, name_of, order_in, order_of_older_page
from webapp.pages.choosing.words import say_cannot_now, say_why
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services import choices, introductions, requests
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.cards import differences
from webapp.services.cards.standing import Standing, read_standing
from webapp.services.cards.where import Place, Where, read_where
from webapp.services.pairs import earlier
from webapp.ui.forms import Form, many_at_once, read_id
from webapp.ui.language import current as current_language

page = Blueprint("choosing", __name__, template_folder="templates")


@page.get("/people")
@declares(Action.SEE_CARDS)
def show_cards() -> ResponseReturnValue:
    """Show the cards; or who is being asked; or that there is nobody to show yet."""
    with transaction() as session:
        where = read_where(session, current_actor(), now=clock.now())
        if where.place in (Place.ASKED, Place.PASSING_ON):
            return asked_page(session, where)
        if where.place is Place.LOOKED_FOR:
            return nobody_page(session, where)
        if where.place is not Place.CHOOSING:
            return redirect(url_for("requests.show_state"), 303)
        cards = in_words(where.cards)
        return cards_page(session, cards, form_of(cards), where.cards.could_not)


def in_words(standing: Standing) -> list[Card]:
    """Return the cards that she can choose from, in words."""
    return [card_of(one, current_language()) for one in standing.cards]


def cards_page(session: Session, cards: list[Card], form: Form, could_not: list[str]) -> str:
    """Render the cards to choose from."""
    known = {"cards": cards, "form": form, "name_of": name_of, "could_not": could_not}
    return render_template("choosing/cards.html", **known, earlier=_those_before(session))


def _those_before(session: Session) -> list[earlier.EarlierPair]:
    """Return with whom her time has ended: she may have a last word for one, whatever she is shown now."""
    return earlier.list_earlier(session, current_actor(), on=clock.now().date())


def nobody_page(session: Session, where: Where) -> str:
    """Render that there is nobody to choose from, when to come back, and what she may still say or take back."""
    assert where.request is not None
    last = differences.find_last(session, where.request)
    return render_template(
        "choosing/nobody.html",
        promise=where.promise,
        may_say=last is not None,
        may_undo=differences.may_undo(last, now=clock.now()),
        earlier=_those_before(session),
    )


def asked_page(session: Session, where: Where) -> str:
    """Render who is being asked, who comes next, and when to come back."""
    assert where.cards.asked is not None
    ranked = sorted((card for card in where.cards.cards if card["her_order"]), key=lambda card: card["her_order"])
    return render_template(
        "choosing/asked.html",
        where=where,
        asked=card_of(where.cards.asked, current_language()),
        next_name=ranked[0]["name"] if ranked else None,
        earlier=_those_before(session),
    )


@page.post("/people")
@declares(Action.CHOOSE_CARD)
def choose() -> ResponseReturnValue:
    """Take her choice; the first whom she chose is asked at once. A second tap shows what came of the first."""
    try:
        return take_choice()
    except choices.NotAsked as late:
        return lead_on(late)


def take_choice() -> ResponseReturnValue:
    """Read her choice and keep it. Raises NotAsked; also where she took her request back."""
    with transaction() as session:
        hers = find_hers(session)
        standing = read_standing(session, current_actor(), hers, now=clock.now())
        cards, instead = in_words(standing), request.form.get("instead")
        if instead not in (choices.NOBODY, choices.CHOOSE_FOR_ME):
            instead = None
        form = form_of(cards)
        ordered = [] if instead else picked_in(form, cards)
        if ordered is None:
            return cards_page(session, cards, form, standing.could_not), 422
        cannot = choices.choose(session, current_actor(), hers.id, ordered=ordered, instead=instead, now=clock.now())
    if cannot:
        flash(say_cannot_now(cannot))
    return redirect(url_for(".show_differs" if instead == choices.NOBODY else ".show_cards"), 303)


def find_hers(session: Session) -> requests.Request:
    """Return her open request. Raises NotAsked where she took it back."""
    hers = requests.find_open_request(session, current_actor())
    if hers is None:
        raise choices.NotAsked(choices.Why.TAKEN_BACK)
    return hers


def lead_on(late: choices.NotAsked) -> ResponseReturnValue:
    """Say why nothing came of what she chose, and lead to where it stands: to the two of them, where both said yes."""
    flash(say_why(late.why, late.name))
    with transaction() as session:
        pairs = introductions.find_pairs(session, current_actor())
    hers = next((pair.id for pair in pairs if pair.asker == current_actor().id), None)
    if late.why is choices.Why.SAID_YES and hers is not None:
        return redirect(url_for("introductions.show_introduction", introduction_id=hers), 303)
    return redirect(url_for(".show_cards"), 303)


def picked_in(form: Form, cards: list[Card]) -> list[UUID] | None:
    """Return the one whom she asked for by her button, or those in her order; None where that cannot be read."""
    if "pick" in request.form or not cards:
        picked = read_id(request.form.get("pick"))
        return [picked] if picked else []
    return order_of_older_page(request.form, cards) or order_in(form, cards)


@page.post("/people/passed-by")
@declares(Action.CHOOSE_CARD)
def pass_by() -> ResponseReturnValue:
    """Let one card go for good. Not her, or "I may know her": it is the same, and nothing here tells the two apart."""
    card_id = read_id(request.form.get("card"))
    try:
        with transaction() as session:
            hers = find_hers(session)
            if card_id is None:
                raise choices.NotAsked(choices.Why.CARDS_CHANGED)
            was_last = choices.pass_by(session, current_actor(), hers.id, card_id, now=clock.now())
    except choices.NotAsked as late:
        return lead_on(late)
    if was_last:
        return redirect(url_for(".show_differs"), 303)
    flash(_("Her card is gone and does not come back. Nobody is told why."))
    return redirect(url_for(".show_cards"), 303)


@page.post("/people/unask")
@declares(Action.CHANGE_CHOICE)
def unask() -> ResponseReturnValue:
    """Take the asking back in one step; where the answer was quicker, lead to what came of it."""
    try:
        with transaction() as session:
            hers = find_hers(session)
            choices.unask(session, current_actor(), hers.id, now=clock.now())
    except choices.NotAsked as late:
        return lead_on(late)
    flash(_("She is not asked any more, and she learns only that the offer is over."))
    return redirect(url_for(".show_cards"), 303)


@page.get("/people/differs")
@declares(Action.SAY_WHAT_DIFFERS)
def show_differs() -> ResponseReturnValue:
    """Ask what should differ, after the tap that already counted; she can skip it."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        said = differences.read_last(session, current_actor(), hers) if hers is not None else None
        if said is None:
            return redirect(url_for(".show_cards"), 303)
        form = DiffersForm(data={"ticks": said.ticks, "more": said.words})
        return differs_page(form, may_undo=differences.may_undo(said, now=clock.now()))


def differs_page(form: Form, *, may_undo: bool = False) -> str:
    """Render the question what should differ."""
    return render_template("choosing/differs.html", form=form, may_undo=may_undo)


@page.post("/people/differs")
@declares(Action.SAY_WHAT_DIFFERS, keeps="choosing.show_differs")
def say_differs() -> ResponseReturnValue:
    """Keep what should differ; where it comes too late, her words are given back with the reason."""
    form, actor, now = DiffersForm(), current_actor(), clock.now()
    if not form.validate():
        return differs_page(form), 422
    try:
        limits.count_try(writing=str(actor.id))
        with transaction() as session:
            hers = find_hers(session)
            said = {"ticks": form.ticks.data, "words": form.more.data or ""}
            differences.say_what_differs(session, actor, hers.id, **said, now=now)
            kept_words.settle(session, actor, request.path, now=now)
    except TooLate:
        form.more.errors = [_("Not kept, because the coordinator has gone on by now. See your page for how it stands.")]
        return differs_page(form), 409
    except limits.TooSoon as wait:
        form.more.errors = [many_at_once(wait.seconds)]
        return differs_page(form), 429, {"Retry-After": str(wait.seconds)}
    flash(_("Thank you. The coordinator reads this before she looks again."))
    return redirect(url_for(".show_cards"), 303)


@page.post("/people/back")
@declares(Action.CHANGE_CHOICE)
def bring_back() -> ResponseReturnValue:
    """Bring the cards back that she passed by by mistake."""
    try:
        with transaction() as session:
            hers = find_hers(session)
            choices.bring_back(session, current_actor(), hers.id, now=clock.now())
    except choices.NotAsked as late:
        flash(_("They could not be brought back: it is too late for that, or they cannot take on someone right now."))
        return redirect(url_for(".show_cards"), 303) if late.why is not choices.Why.SAID_YES else lead_on(late)
    flash(_("Here they are again."))
    return redirect(url_for(".show_cards"), 303)
