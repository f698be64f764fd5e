"""Ways to reach each other outside the site: what she would release is shown to her first, as the other will see it."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.details import Kind
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.introductions.arranging import DetailForm
from webapp.pages.introductions.blueprint import lead_back, page
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services import introductions
from webapp.services.accounts import kept_words
from webapp.services.pairs import details
from webapp.ui import meeting_words
from webapp.ui.forms import many_at_once


@page.get("/together/<uuid:introduction_id>/reach")
@declares(Action.RELEASE_DETAILS)
def show_reach(introduction_id: UUID) -> ResponseReturnValue:
    """Show what she has released, and the form to release one more way."""
    return _reach_page(introduction_id, DetailForm())


@page.post("/together/<uuid:introduction_id>/reach/look")
@declares(Action.RELEASE_DETAILS, keeps="introductions.show_reach")
def look_at_detail(introduction_id: UUID) -> ResponseReturnValue:
    """Show her exactly what the other would see. Nothing is released yet."""
    form = DetailForm()
    kind = form.chosen
    if not form.validate() or kind is None:
        return _reach_page(introduction_id, form), 422
    return _reach_page(introduction_id, form, is_preview=True)


@page.post("/together/<uuid:introduction_id>/reach")
@declares(Action.RELEASE_DETAILS, keeps="introductions.show_reach")
def release_detail(introduction_id: UUID) -> ResponseReturnValue:
    """Release it, after she has looked at it."""
    form = DetailForm()
    kind = form.chosen
    if not form.validate() or kind is None:
        return _reach_page(introduction_id, form), 422
    try:
        limits.count_try(writing=str(current_actor().id))
        _release(introduction_id, form, kind)
    except WrongStep:
        return _reach_page(introduction_id, form), 409
    except details.TooMany:
        form.said.errors = [_("You have released %(most)s ways already. Take one back first.", most=details.MOST)]
        return _reach_page(introduction_id, form), 422
    except limits.TooSoon as wait:
        form.said.errors = [many_at_once(wait.seconds)]
        return _reach_page(introduction_id, form), 429
    return lead_back(introduction_id, "reach")


def _release(introduction_id: UUID, form: DetailForm, kind: Kind) -> None:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        details.release(session, actor, introduction_id, kind, form.said.data, now=now)
        for endpoint in ("introductions.look_at_detail", "introductions.release_detail"):
            kept_words.settle(session, actor, url_for(endpoint, introduction_id=introduction_id), now=now)


@page.post("/together/<uuid:introduction_id>/reach/<uuid:detail_id>/take-back")
@declares(Action.RELEASE_DETAILS)
def take_back(introduction_id: UUID, detail_id: UUID) -> ResponseReturnValue:
    """Take one way back."""
    with transaction() as session:
        details.take_back(session, current_actor(), introduction_id, detail_id, now=clock.now())
    flash(_("Taken back. It is gone from her page. She may have noted it before."))
    return lead_back(introduction_id, "reach")


def _reach_page(introduction_id: UUID, form: DetailForm, *, is_preview: bool = False) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        pair = introductions.read_introduction(session, actor, introduction_id)
        ways = details.read_ways(session, actor, introduction_id)
        kind = form.chosen
        chosen = kind if is_preview else None
        warns = chosen is not None and details.needs_warning(session, actor, introduction_id, chosen, now=now)
    return render_template(
        "introductions/reach.html",
        pair=pair,
        ways=ways,
        form=form,
        is_preview=is_preview,
        warns=warns,
        words=meeting_words,
    )
