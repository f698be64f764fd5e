"""A concern at the desk: what she told us, what was done about it, and its end, which a second person confirms."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.concerns import Kind, State, What
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import Session, aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.concern_forms import EMPTY, AddForm, BackForm, CloseForm, FileForm
from webapp.pages.desk.queues import beside
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import kept_words
from webapp.services.desk import frame
from webapp.services.safety import concerns, concerns_at_the_desk, handling
from webapp.ui.concern_words import AT_THE_DESK, DID, ENTRIES, KINDS
from webapp.ui.forms import Form

ADDS = {
    What.NOTE: handling.add_note,
    What.TO_HER: handling.write_to_her,
}


@page.get("/desk/concerns/<uuid:concern_id>")
@declares(Action.READ_CONCERN)
def show_concern(concern_id: UUID) -> ResponseReturnValue:
    """Show what she told us, and what was done about it."""
    return _page(concern_id)


@page.post("/desk/concerns/<uuid:concern_id>/look")
@declares(Action.HANDLE_CONCERN)
def look_after_concern(concern_id: UUID) -> ResponseReturnValue:
    """Note that somebody looks at it now."""
    return _act(
        concern_id, None, lambda writing, now: handling.look_after(writing, current_actor(), concern_id, now=now)
    )


@page.post("/desk/concerns/<uuid:concern_id>/add")
@declares(Action.HANDLE_CONCERN, keeps="desk.show_concern")
def add_to_concern(concern_id: UUID) -> ResponseReturnValue:
    """Keep a note, words to her, or what was done."""
    form = AddForm()
    if not form.validate():
        return _page(concern_id, add=form), 422
    return _act(concern_id, form, lambda writing, now: _add(writing, concern_id, form, now))


def _add(writing: Session, concern_id: UUID, form: AddForm, now: Any) -> None:
    actor, words, once = current_actor(), form.said.data or "", form.once.data or ""
    if form.what.data in ADDS:
        ADDS[What(form.what.data)](writing, actor, concern_id, words, once=once, now=now)
    else:
        handling.note_done(writing, actor, concern_id, form.did.data or "", words, once=once, now=now)


@page.post("/desk/concerns/<uuid:concern_id>/file")
@declares(Action.HANDLE_CONCERN)
def close_file(concern_id: UUID) -> ResponseReturnValue:
    """Close her file to a coordinator whom she means."""
    form = FileForm()
    staff = form.chosen
    if staff is None:
        return _page(concern_id, file=form), 422
    return _act(
        concern_id, None, lambda writing, now: handling.close_file(writing, current_actor(), concern_id, staff, now=now)
    )


@page.post("/desk/concerns/<uuid:concern_id>/close")
@declares(Action.HANDLE_CONCERN, keeps="desk.show_concern")
def propose_to_close(concern_id: UUID) -> ResponseReturnValue:
    """Propose to close it, with what she will read."""
    form = CloseForm()
    if not form.validate():
        return _page(concern_id, close=form), 422
    actor, came, once = current_actor(), form.came_of_it.data, form.once.data or ""
    return _act(
        concern_id, form, lambda writing, now: handling.propose(writing, actor, concern_id, came, once=once, now=now)
    )


@page.post("/desk/concerns/<uuid:concern_id>/confirm")
@declares(Action.CLOSE_CONCERN)
def confirm_close(concern_id: UUID) -> ResponseReturnValue:
    """Close it, as another has proposed."""
    return _act(concern_id, None, lambda writing, now: handling.confirm(writing, current_actor(), concern_id, now=now))


@page.post("/desk/concerns/<uuid:concern_id>/send-back")
@declares(Action.CLOSE_CONCERN, keeps="desk.show_concern")
def send_concern_back(concern_id: UUID) -> ResponseReturnValue:
    """Say why it cannot be closed yet."""
    form = BackForm()
    if not form.validate():
        return _page(concern_id, back=form), 422
    actor, why, once = current_actor(), form.why.data, form.once.data or ""
    return _act(
        concern_id, form, lambda writing, now: handling.send_back(writing, actor, concern_id, why, once=once, now=now)
    )


def _act(concern_id: UUID, form: Form | None, act: Callable[[Session, Any], object]) -> ResponseReturnValue:
    """Do one act and lead back; where somebody was quicker, or words are missing, what was typed stays."""
    named = {form.name: form} if form is not None else {}
    try:
        with transaction() as writing:
            act(writing, clock.now())
            kept_words.settle(writing, current_actor(), request.path, now=clock.now())
    except concerns.NoWords:
        assert form is not None
        form.of_words.errors = [EMPTY]
        return _page(concern_id, **named), 422
    except handling.NotSaid:
        assert isinstance(form, AddForm)
        form.did.errors = [_("Tick what you did.")]
        return _page(concern_id, **named), 422
    except WrongStep:
        return _page(concern_id, has_moved=True, **named), 409
    except handling.MoreSaid as more:
        return _more_page(concern_id, more.words, form), 409
    flash(_("Kept."))
    with transaction() as reading:
        is_hers = concerns_at_the_desk.is_at_her_desk(reading, current_actor(), concern_id)
    there = url_for("desk.show_concern", concern_id=concern_id) if is_hers else url_for("home.show_home")
    return redirect(there, 303)


def _more_page(concern_id: UUID, words: Sequence[str], form: Form | None) -> str:
    """Show whoever was asked to end it what she who raised it has added since; what was typed stays."""
    actor, now = current_actor(), clock.now()
    with transaction() as reading:
        side = frame.read_side(reading, actor, now=now)
    with aside() as writing:
        handling.record_reading_of_more(writing, actor, concern_id, now=now)
    typed = form.of_words.data if form is not None else ""
    return render_template("desk/more_said.html", **beside(side), words=words, typed=typed)


def _page(concern_id: UUID, *, has_moved: bool = False, **forms: Form) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as reading:
        side = frame.read_side(reading, actor, now=now)
        one = concerns_at_the_desk.read_concern(reading, actor, concern_id)
    with aside() as writing:
        concerns_at_the_desk.record_reading(writing, actor, concern_id, now=now)
    shown: dict[str, Any] = {"add": AddForm(), "close": CloseForm(), "back": BackForm(), "file": FileForm(), **forms}
    shown["file"].offer(one.open_to)
    for name in ("add", "close", "back"):
        shown[name].token()
    return render_template(
        "desk/concern.html",
        **beside(side),
        one=one,
        has_moved=has_moved,
        sent=next(iter(forms.values()), None),
        kinds=KINDS,
        states=AT_THE_DESK,
        did=DID,
        entries=ENTRIES,
        Kind=Kind,
        State=State,
        What=What,
        **shown,
    )
