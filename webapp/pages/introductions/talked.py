"""Did you talk? One tap of each, set side by side without blame."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.introductions.arranging import TalkForm
from webapp.pages.introductions.blueprint import lead_back, page
from webapp.pages.introductions.pair_page import pair_page
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services.acting import TooLate
from webapp.services.pairs import talks


@page.post("/together/<uuid:introduction_id>/talks")
@declares(Action.SAY_TALKED)
def say_talked(introduction_id: UUID) -> ResponseReturnValue:
    """Keep what she says of a planned talk, or of a day."""
    form = TalkForm()
    if form.talked.data not in ("yes", "no"):
        return pair_page(introduction_id, lost=_("Choose one of the two answers.")), 422
    limits.count_try(writing=str(current_actor().id))
    try:
        with transaction() as session:
            talks.say_talked(
                session, current_actor(), introduction_id, talked=form.talked.data == "yes",
                meeting_id=form.meeting_id, days_ago=form.days_ago, on_day=form.on_day, length=form.about,
                way=form.spoken_way, now=clock.now(),
            )  # fmt: skip
    except (WrongStep, TooLate):
        return pair_page(introduction_id, lost=_("That was not kept, because it has changed meanwhile.")), 409
    return lead_back(introduction_id, "talked")
