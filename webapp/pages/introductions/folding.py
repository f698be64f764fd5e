"""The conversation folded away on her own page, and opened by her passphrase again if she likes."""

from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.introductions.blueprint import lead_back, page
from webapp.pages.introductions.forms import FoldingForm, HerselfForm
from webapp.pages.introductions.pair_page import pair_page
from webapp.security import signing_in
from webapp.security.guard import current_actor, declares
from webapp.services import conversations, introductions
from webapp.services.pairs import wishes


@page.get("/together/<uuid:introduction_id>/folding")
@declares(Action.FOLD_CONVERSATION)
def show_folding(introduction_id: UUID) -> ResponseReturnValue:
    """Show how she can fold the conversation away."""
    return _folding_page(introduction_id)


@page.post("/together/<uuid:introduction_id>/folding")
@declares(Action.FOLD_CONVERSATION)
def fold(introduction_id: UUID) -> ResponseReturnValue:
    """Keep what she chose. A lock is taken away only by whoever could open it."""
    form, actor = FoldingForm(), current_actor()
    with transaction() as reading:
        was_locked = wishes.read(reading, actor, introduction_id).is_locked
    if was_locked and not form.locked.data and not signing_in.is_fresh() and not form.is_herself():
        return _folding_page(introduction_id, form), 422
    with transaction() as session:
        wishes.fold(session, actor, introduction_id, folded=form.folded.data, locked=form.locked.data, now=clock.now())
    flash(_("Kept. It is so on this page only, and only for you."))
    return lead_back(introduction_id)


@page.post("/together/<uuid:introduction_id>/open")
@declares(Action.READ_MESSAGES)
def open_conversation(introduction_id: UUID) -> ResponseReturnValue:
    """Open a locked conversation for some minutes by her passphrase."""
    herself = HerselfForm()
    with transaction() as reading:
        introductions.load_pair(reading, current_actor(), introduction_id, Action.READ_MESSAGES)
    if not herself.is_herself():
        return pair_page(introduction_id, herself=herself), 422
    signing_in.prove_again()
    return lead_back(introduction_id, "talk")


@page.post("/together/<uuid:introduction_id>/seen")
@declares(Action.READ_MESSAGES)
def mark_seen(introduction_id: UUID) -> ResponseReturnValue:
    """Note that she has seen the messages of a folded conversation, which a page cannot know by itself."""
    actor = current_actor()
    with transaction() as session:
        said = conversations.read_talk(session, actor, introduction_id).messages
        if said:
            wishes.mark_seen(session, actor, introduction_id, said[-1].sent_at, now=clock.now())
    return lead_back(introduction_id, "talk")


def _folding_page(introduction_id: UUID, form: FoldingForm | None = None) -> str:
    with transaction() as session:
        pair = introductions.read_introduction(session, current_actor(), introduction_id)
        chosen = wishes.read(session, current_actor(), introduction_id)
    form = form or FoldingForm(data={"folded": chosen.is_folded, "locked": chosen.is_locked})
    asks = chosen.is_locked and not signing_in.is_fresh()
    return render_template("introductions/folding.html", pair=pair, form=form, asks=asks)
