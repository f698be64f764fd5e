"""The questions one topic a screen, each kept at once; then the summary, and sending."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.requests import State
from webapp.extensions import Session, transaction
from webapp.pages.questions import reaching
from webapp.pages.questions.forms import (
    ZONE,
    form_of,
    given_in,
    name_of,
    say_unread,
    target_of,
)
from webapp.security.guard import current_actor, declares
from webapp.services import questions, requests
from webapp.services.accounts import kept_words
from webapp.services.acting import Missing
from webapp.services.cards.where import read_where
from webapp.services.matching import BadAnswer, Said
from webapp.services.pairs import earlier
from webapp.services.safety import own_record
from webapp.ui.forms import Form
from webapp.ui.time_zones import DEFAULT_ZONE, TIME_ZONES

page = Blueprint("questions", __name__, template_folder="templates")

CHANGEABLE = (State.DRAFT, State.WAITING, State.PAUSED)


@page.post("/questions")
@declares(Action.ANSWER_QUESTIONS)
def start() -> ResponseReturnValue:
    """Open her request, or the open one where she left it."""
    with transaction() as session:
        hers = requests.start_request(session, current_actor(), time_zone=DEFAULT_ZONE, now=clock.now())
        session.flush()
        if hers.state != State.DRAFT:
            return to_state()
        screen = questions.resume_at(requests.read_answers(session, current_actor(), hers.id))
    return redirect(screen_or_summary(screen), 303)


def to_state() -> ResponseReturnValue:
    """Lead her to where her request stands."""
    return redirect(url_for("requests.show_state"), 303)


def screen_or_summary(screen: str | None) -> str:
    """Return the address of a screen; of the summary where there is none."""
    return url_for("questions.show_screen", screen=screen) if screen else url_for("questions.show_summary")


# One screen


@page.get("/questions/<screen>")
@declares(Action.ANSWER_QUESTIONS)
def show_screen(screen: str) -> ResponseReturnValue:
    """Put one screen of questions to her."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None or hers.state not in CHANGEABLE:
            return to_state()
        answers = requests.read_answers(session, current_actor(), hers.id)
        if questions.is_passed_over(screen, answers):
            return pass_over(screen, answers)
        shown = reaching.read_screen(session, hers, screen, answers)
        if not shown.questions:
            return told_elsewhere(hers, screen, answers)
        form = form_of(shown, zone=hers.time_zone if shown.is_answered else None)
        closed = reaching.closed_ways(session, hers, answers, shown)
    return screen_page(shown, form, is_unsafe=questions.warns_of_device(screen, answers), closed=closed)


def pass_over(screen: str, answers: Mapping[str, Said]) -> ResponseReturnValue:
    """Lead her on from a screen that asks her nothing any more, since she answered otherwise before it."""
    return redirect(screen_or_summary(questions.next_screen(screen, answers)), 303)


def told_elsewhere(hers: requests.Request, screen: str, answers: Mapping[str, Said]) -> ResponseReturnValue:
    """Lead her on from a screen that her own page has taken the place of; to that page, where she came to change it."""
    if hers.state == State.DRAFT and request.args.get("then") != "summary":
        return pass_over(screen, answers)
    return redirect(url_for("safe_contact.show_contact"), 303)


def screen_page(
    shown: questions.ShownScreen,
    form: Form,
    *,
    is_unsafe: bool = False,
    closed: reaching.Closed | None = None,
) -> str:
    """Render a screen; what stands wrong in it comes first."""
    then = "summary" if request.args.get("then") == "summary" else None
    return render_template(
        "questions/screen.html", screen=shown, form=form, name_of=name_of, then=then, unsafe=is_unsafe,
        closed=closed, asks_ways=reaching.asks_ways,
    )  # fmt: skip


@page.post("/questions/<screen>")
@declares(Action.ANSWER_QUESTIONS, keeps="questions.show_screen")
def keep_screen(screen: str) -> ResponseReturnValue:
    """Keep a screen at once and go on. Skip forgets what was answered there."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None:
            raise Missing
        stored = requests.read_answers(session, current_actor(), hers.id)
        if questions.is_passed_over(screen, stored):
            return pass_over(screen, stored)
        shown = reaching.read_screen(session, hers, screen, stored)
        if not shown.questions:
            return told_elsewhere(hers, screen, stored)
        form = form_of(shown)
        if "skip" in request.form:
            skipped = dict.fromkeys(question.id for question in shown.questions)
            return go_on(session, hers, shown, form, stored, skipped)
        if is_refused(shown, form):
            return refuse(session, hers, shown, stored)
        answers = read_form(shown, form, stored)
        if answers is None:
            return screen_page(shown, form), 422
        if ZONE in form and form[ZONE].data:
            requests.choose_time_zone(session, current_actor(), hers.id, form[ZONE].data)
        return go_on(session, hers, shown, form, stored, answers)


def go_on(
    session: Session,
    hers: requests.Request,
    shown: questions.ShownScreen,
    form: Form,
    stored: Mapping[str, Said],
    answers: Mapping[str, Said | None],
) -> ResponseReturnValue:
    """Keep answers and lead her on."""
    try:
        kept = requests.answer_questions(session, current_actor(), hers.id, answers, now=clock.now())
        kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except requests.NotReady as lacking:
        session.rollback()
        return still_needed(shown, form, lacking.questions), 422
    return redirect(address_after(shown, stored, kept), 303)


def address_after(shown: questions.ShownScreen, before: Mapping[str, Said], kept: Mapping[str, Said]) -> str:
    """Return the address of the next screen; for her who came from the summary, of what her answer makes us ask."""
    if request.args.get("then") != "summary":
        return screen_or_summary(questions.next_screen(shown.id, kept))
    opened = questions.newly_asked(before, kept)
    return url_for("questions.show_screen", screen=opened, then="summary") if opened else screen_or_summary(None)


def still_needed(shown: questions.ShownScreen, form: Form, lacking: list[str]) -> str:
    """Say what cannot be cleared while the coordinator looks for somebody."""
    for question in lacking:
        said = _("The coordinator needs this while she looks for someone. Change it, or take your request back.")
        form[name_of(question)].errors = [said]
    return screen_page(shown, form)


def read_form(shown: questions.ShownScreen, form: Form, stored: Mapping[str, Said]) -> dict[str, Said | None] | None:
    """Read a form as answers to store; None where something stands wrong, which the form then says."""
    answers: dict[str, Said | None] = {}
    is_sound = form.validate()
    say_of_stars(shown, form)
    for question in shown.questions if is_sound else ():
        try:
            answers[question.id] = questions.read_given(question, given_in(form, question), stored.get(question.id))
        except BadAnswer:
            say_unread(form, question)
            is_sound = False
    return answers if is_sound else None


def say_of_stars(shown: questions.ShownScreen, form: Form) -> None:
    """Say what is wrong with stars where the options stand: most stars are hidden, and a link cannot lead to them."""
    for question in shown.questions:
        marks, stars = name_of(question.id), name_of(question.id, "star")
        if stars in form and form[stars].errors:
            form[marks].errors, form[stars].errors = [*form[marks].errors, *form[stars].errors], []


# Those whom the programme cannot take


def is_refused(shown: questions.ShownScreen, form: Form) -> bool:
    """Say whether an answer tells that this programme is not for her: she is too young."""
    asked = [question for question in shown.questions if question.must_be]
    return any(
        option.id != question.must_be and option.id in given_in(form, question).marks
        for question in asked
        for option in question.options
    )


def refuse(
    session: Session, hers: requests.Request, shown: questions.ShownScreen, stored: Mapping[str, Said]
) -> ResponseReturnValue:
    """Show who can talk with her now. A draft is emptied and let go; a request that was sent stays as it was.

    One slip of a finger must not empty a draft that holds answers: then she is asked once.
    """
    was_draft = hers.state == State.DRAFT
    if was_draft and stored and "sure" not in request.form:
        return render_template("questions/younger_sure.html", screen=shown.id, sent=request.form)
    if was_draft:
        now, actor = clock.now(), current_actor()
        requests.answer_questions(session, actor, hers.id, dict.fromkeys(stored), now=now)
        requests.withdraw_request(session, actor, hers.id, now=now)
    return render_template("questions/younger.html", was_draft=was_draft)


# The summary, and sending


@page.get("/questions/summary")
@declares(Action.ANSWER_QUESTIONS)
def show_summary() -> ResponseReturnValue:
    """Show everything that she answered, to change or to send."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None:
            return to_state()
        answers = requests.read_answers(session, current_actor(), hers.id)
        return summary_page(session, hers, answers)


def summary_page(
    session: Session, hers: requests.Request, answers: Mapping[str, Said], *, was_refused: bool = False
) -> str:
    """Render the summary; what is still needed is named with links."""
    screens = reaching.read_all(session, hers, answers)
    needed = [(screen, one) for screen in screens for one in screen.questions if one.is_needed and not one.is_answered]
    return render_template(
        "questions/summary.html",
        screens=screens,
        needed=needed,
        errors=needed if was_refused else [],
        is_draft=hers.state == State.DRAFT,
        may_change=hers.state in CHANGEABLE,
        zone=TIME_ZONES.get(hers.time_zone, hers.time_zone),
        unsafe=questions.is_device_unsafe(answers),
        on_record=own_record.is_there(session, hers),
        closed=reaching.closed_ways(session, hers, answers),
        target_of=target_of,
    )


@page.post("/questions/send")
@declares(Action.SEND_REQUEST)
def send() -> ResponseReturnValue:
    """Send her request to the coordinator; where something needed is missing, say what."""
    try:
        with transaction() as session:
            hers = requests.find_open_request(session, current_actor())
            if hers is None:
                raise Missing
            requests.send_request(session, current_actor(), hers.id, now=clock.now())
    except requests.NotReady:
        with transaction() as session:
            hers = requests.find_open_request(session, current_actor())
            if hers is None:  # taken back in another tab, between the two
                raise Missing from None
            answers = requests.read_answers(session, current_actor(), hers.id)
            return summary_page(session, hers, answers, was_refused=True), 422
    return redirect(url_for(".show_sent"), 303)


@page.get("/questions/sent")
@declares(Action.ANSWER_QUESTIONS)
def show_sent() -> ResponseReturnValue:
    """Say what happens next, who reads it, and when to come back."""
    with transaction() as session:
        where = read_where(session, current_actor(), now=clock.now())
        before = earlier.list_earlier(session, current_actor(), on=clock.now().date())
    if not where.promise:
        return to_state()
    return render_template("questions/sent.html", promise=where.promise, earlier=before)
