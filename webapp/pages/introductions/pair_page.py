"""The page of a pair, put together: their conversation, times to talk, ways to be reached, what they agree on."""

from collections.abc import Iterable
from uuid import UUID

from flask import render_template, request

from webapp import clock
from webapp.extensions import transaction
from webapp.pages.introductions.arranging import TalkForm
from webapp.pages.introductions.forms import HerselfForm, MessageForm
from webapp.security import looks, signing_in
from webapp.security.guard import current_actor
from webapp.services import matching
from webapp.services.introductions import SHARED
from webapp.services.pairs.overview import Overview, read_overview
from webapp.ui import absence_words, language, meeting_words
from webapp.ui.forms import read_id


def pair_page(
    introduction_id: UUID, form: MessageForm | None = None, herself: HerselfForm | None = None, lost: str = ""
) -> str:
    """Show the page; `lost` says what was too late."""
    seen = _read(introduction_id)
    shared = [matching.say(message, language.current()) for message in seen.shared]
    meanwhile = _card_of(seen)
    return render_template(
        "introductions/introduction.html",
        seen=seen,
        pair=seen.pair,
        shared=shared,
        is_late=seen.pair["first_contact_by"] < seen.now,
        form=form or MessageForm(),
        herself=herself or HerselfForm(),
        talk_form=TalkForm(),
        lost=lost,
        words=meeting_words,
        meanwhile_shared=meanwhile[0],
        meanwhile_gap=meanwhile[1],
        say_absence=absence_words.say_absence,
        say_who_knows=absence_words.say_who_knows,
        name_way=name_way,
        names_of=names_of,
    )


def _card_of(seen: Overview) -> tuple[list[str], str]:
    """Say of whom she is shown meanwhile what the two share, and the honest gap."""
    said = seen.away.cover.messages if seen.away.cover else []
    shared = [one for one in said if one["key"] in SHARED]
    gaps = [one for one in said if one["key"] not in SHARED]
    say = [[matching.say(one, language.current()) for one in part] for part in (shared, gaps)]
    return say[0], " ".join(say[1])


def name_way(way: str) -> str:
    """Name a way to talk in the language of the page."""
    return matching.name_way(way, language.current())


def names_of(ways: Iterable[str]) -> list[str]:
    """Name several ways to talk in the language of the page."""
    return [name_way(way) for way in ways]


def _read(introduction_id: UUID) -> Overview:
    before, is_fresh = read_id(request.args.get("before")), signing_in.is_fresh()
    with transaction() as session:
        seen = read_overview(
            session, current_actor(), introduction_id, before=before, is_fresh=is_fresh, now=clock.now()
        )
    _note_look(introduction_id, seen)
    return seen


def _note_look(introduction_id: UUID, seen: Overview) -> None:
    """Of a folded conversation a page cannot know whether she saw it."""
    talk = seen.talk
    if request.method == "GET" and talk is not None and talk.is_latest and talk.new and not seen.wishes.is_folded:
        looks.note_look(introduction_id, talk.new[-1].sent_at)
