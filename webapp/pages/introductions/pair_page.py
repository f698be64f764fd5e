"""The page of a pair, put together: their conversation, times to talk, ways to be reached, what they agree on."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import render_template, request

from webapp import clock
from webapp.extensions import Session, transaction
from webapp.pages.introductions.arranging import TalkForm, read_id
from webapp.pages.introductions.forms import HerselfForm, MessageForm
from webapp.security import looks, signing_in
from webapp.security.guard import current_actor
from webapp.services import checkins, conversations, introductions, matching
from webapp.services.pairs import agreements, details, meetings, talks, wishes
from webapp.ui import language, meeting_words


def pair_page(
    introduction_id: UUID, form: MessageForm | None = None, herself: HerselfForm | None = None, lost: str = ""
) -> str:
    """Show the page; `lost` says what was too late. A locked conversation is not even read."""
    with transaction() as session:
        shown = _read(session, introduction_id)
    if shown["talk"] is not None:
        _note_look(introduction_id, shown["talk"], shown["wishes"])
    shared = [matching.say(message, language.current()) for message in shown["pair"]["shared"]]
    return render_template(
        "introductions/introduction.html",
        **shown,
        shared=shared,
        form=form or MessageForm(),
        herself=herself or HerselfForm(),
        lost=lost,
        words=meeting_words,
        name_way=name_way,
        names_of=names_of,
    )


def name_way(way: str) -> str:
    """Name a way to talk in the language of the page."""
    return matching.name_way(way, language.current())


def names_of(ways: Iterable[str]) -> list[str]:
    """Name several ways to talk in the language of the page."""
    return [name_way(way) for way in ways]


def _read(session: Session, introduction_id: UUID) -> dict[str, Any]:
    actor, now = current_actor(), clock.now()
    pair = introductions.read_introduction(session, actor, introduction_id)
    hers = wishes.read(session, actor, introduction_id)
    is_locked = hers.is_locked and not signing_in.is_fresh()
    planned = meetings.read_meetings(session, actor, introduction_id, now=now)
    said = talks.read_talks(session, actor, introduction_id, now=now)
    return {
        "pair": pair,
        "wishes": hers,
        "is_locked": is_locked,
        "talk": None if is_locked else _read_talk(session, introduction_id, hers),
        "ways": None if is_locked else details.read_ways(session, actor, introduction_id),
        "is_late": pair["first_contact_by"] < now,
        "due": checkins.find_due(session, actor, introduction_id, on=now.date()),
        "ahead": [one for one in planned if one.ends_at > now],
        "unsaid": _unsaid(planned, said, now),
        "said": said,
        "standing": agreements.read_standing(session, actor, introduction_id, hers, now=now),
        "talk_form": TalkForm(),
    }


def _read_talk(session: Session, introduction_id: UUID, hers: wishes.Wishes) -> conversations.Talk:
    before = read_id(request.args.get("before"))
    return conversations.read_talk(session, current_actor(), introduction_id, before=before, looked_at=hers.looked_at)


def _unsaid(planned: list[meetings.ShownMeeting], said: list[talks.ShownTalk], now: Any) -> list[meetings.ShownMeeting]:
    """List the talks that were planned and are over, of which she has said nothing yet."""
    done = {one.meeting_id for one in said if one.mine is not None}
    return [one for one in planned if one.is_accepted and one.ends_at <= now and one.id not in done]


def _note_look(introduction_id: UUID, talk: conversations.Talk, hers: wishes.Wishes) -> None:
    if request.method == "GET" and talk.is_latest and talk.new and not hers.is_folded:
        looks.note_look(introduction_id, talk.new[-1].sent_at)
