"""Why nothing came of a choice, in her words."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.services.choices import Why
from webapp.ui.language import say_list

WHY = {
    Why.ALREADY_ASKED: _l("Nothing was changed, because we have asked %(name)s already."),
    Why.SAID_YES: _l("Nothing was changed, because she has said yes already: you two are introduced."),
    Why.TAKEN_BACK: _l("Nothing was changed, because your request is taken back."),
    Why.CARDS_CHANGED: _l("Nothing was changed, because the cards have changed since you opened that page."),
}


def say_why(why: Why, name: str) -> str:
    """Say why her choice came too late; `name` is who is being asked."""
    return str(WHY[why]) % {"name": name}


def say_cannot_now(names: Sequence[str]) -> str:
    """Say whom it was not possible to ask."""
    said: str = ngettext(
        "Not asked, because %(names)s cannot take on someone right now.",
        "Not asked, because %(names)s cannot take on someone right now.",
        len(names),
        names=say_list(names),
    )
    return said
