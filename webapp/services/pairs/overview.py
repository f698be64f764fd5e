"""Everything that the page of a pair shows one of the two, read in one go; a locked conversation is not read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.services import checkins, conversations, introductions
from webapp.services.absences.standing import ForHer, read_for_her
from webapp.services.pairs import agreements, details, endings, last_days, meetings, silences, talks, wishes
from webapp.services.safety import holds


@dataclass(frozen=True)
class Overview:
    """What there is between the two. `talk` and `ways` are None while she has not opened a locked conversation."""

    pair: dict[str, Any]
    shared: list[dict[str, Any]]
    wishes: wishes.Wishes
    talk: conversations.Talk | None
    ways: details.Ways | None
    planned: list[meetings.ShownMeeting]
    said: list[talks.ShownTalk]
    standing: agreements.Standing
    last_day: last_days.LastDay
    may_say_goodbye: bool
    due: UUID | None
    away: ForHer
    went_on: bool
    is_looked_after: bool
    now: datetime

    @property
    def ahead(self) -> list[meetings.ShownMeeting]:
        """List what is planned and proposed, and is not over."""
        return [one for one in self.planned if one.is_open and one.ends_at > self.now]

    @property
    def fallen_through(self) -> list[meetings.ShownMeeting]:
        """List what was to be and will not: called off, or what she proposed and did not suit the other."""
        off = (one for one in self.planned if not one.is_open)
        return [one for one in off if one.is_mine or one.was_called_off]

    @property
    def unsaid(self) -> list[meetings.ShownMeeting]:
        """List the talks that were planned and are over, of which she has said nothing yet."""
        done = {one.meeting_id for one in self.said if one.mine is not None}
        over = (one for one in self.planned if one.is_accepted and one.ends_at <= self.now)
        return [one for one in over if one.id not in done]


def read_overview(
    session: Session, actor: Actor, introduction_id: UUID, *, before: UUID | None, is_fresh: bool, now: datetime
) -> Overview:
    """Return what one of the two sees; `is_fresh` says that she has proved herself just now. Raises Missing."""
    introduction = introductions.load_pair(session, actor, introduction_id)  # held here, so that it is read once
    which = session, actor, introduction.id
    hers = wishes.read(*which)
    is_open = is_fresh or not hers.is_locked
    return Overview(
        pair=introductions.read_introduction(*which),
        shared=introductions.read_what_they_share(*which, now=now),
        wishes=hers,
        talk=conversations.read_talk(*which, before=before, looked_at=hers.looked_at) if is_open else None,
        ways=details.read_ways(*which) if is_open else None,
        planned=meetings.read_meetings(*which, now=now),
        said=talks.read_talks(*which, now=now),
        standing=agreements.read_standing(*which, hers, now=now),
        last_day=last_days.read(*which, on=now.date()),
        may_say_goodbye=endings.may_be_said(*which, now=now),
        due=checkins.find_due(session, actor, introduction.id, on=now.date()),
        away=read_for_her(session, actor, introduction, now=now),
        went_on=holds.went_on_lately(session, introduction.id, now=now),
        is_looked_after=introduction.request.user_id == actor.id
        and silences.is_late_word_on_the_desk(session, introduction, now=now),
        now=now,
    )
