"""Her order of the cards: first, second, third choice, or not now; and what should differ in the next ones."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional

from webapp.domain.proposals import LONGEST_WORDS
from webapp.pages.choosing.cards import Card
from webapp.ui.differs_words import DIFFERENCES
from webapp.ui.forms import Form, read_id

PLACES = {"1": _l("First choice"), "2": _l("Second choice"), "3": _l("Third choice")}
NOT_NOW = "0"
ORDER = "order-"


def form_of(cards: Sequence[Card]) -> Form:
    """Build one question for each card; nothing is chosen beforehand."""
    places = [SelectChoice(value=place, label=str(said)) for place, said in list(PLACES.items())[: len(cards)]]
    choices = [*places, SelectChoice(value=NOT_NOW, label=_("Not now"))]
    fields = {name_of(card.id): RadioField(card.name, [Optional()], choices=choices) for card in cards}
    made: type[Form] = type("OrderForm", (Form,), fields)
    return made()


def name_of(card_id: UUID) -> str:
    """Name the field of a card."""
    return f"{ORDER}{card_id}"


def order_of_older_page(sent: Mapping[str, str], cards: Sequence[Card]) -> list[UUID]:
    """Return the order that an older page sent, where it gives a place to a card that is not there any more."""
    named = {place: read_id(name.removeprefix(ORDER)) for name, place in sent.items() if name.startswith(ORDER)}
    ordered = [card_id for place in PLACES if (card_id := named.get(place))]
    return ordered if set(ordered) - {card.id for card in cards} else []


def order_in(form: Form, cards: Sequence[Card]) -> list[UUID] | None:
    """Return the cards in her order; None where it cannot be read, which the form then says."""
    is_sound = form.validate()
    ordered: dict[str, UUID] = {}
    for card in cards:
        field = form[name_of(card.id)]
        place = field.data or NOT_NOW
        if place in ordered:
            field.errors = [_("You gave this place to someone else already. Give each her own.")]
            is_sound = False
        elif place != NOT_NOW:
            ordered[place] = card.id
    if not ordered and is_sound and cards:
        form[name_of(cards[0].id)].errors = [_("Choose who should be asked first.")]
    return [ordered[place] for place in sorted(ordered)] if ordered and is_sound else None


class DiffersForm(Form):
    """A few ticks and her own words; nothing is needed."""

    ticks = SelectMultipleField(
        _l("What should be different?"),
        choices=[SelectChoice(code.value, words) for code, words in DIFFERENCES.items()],
        validate_choice=False,
    )
    more = TextAreaField(
        _l("Anything else, in your own words"),
        [Length(max=LONGEST_WORDS, message=_l("Please keep it under 500 signs."))],
    )
