"""The queues that stand beside every page of the desk."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from webapp.domain.access import Actor, Role
from webapp.extensions import Session
from webapp.services.desk.queues import MOST_COUNTED, Counts, Queue, count_queues

AMBER = frozenset({Queue.TASKS, Queue.LATE, Queue.SILENT, Queue.CHECKINS, Queue.LEAVING})


@dataclass(frozen=True)
class QueueLink:
    """One queue as the component shows it."""

    label: str
    href: str
    count: str
    late: bool
    here: bool


def count_for(session: Session, actor: Actor, *, now: datetime) -> Counts | None:
    """Count the queues for a coordinator; the approver has none beside her pages."""
    return count_queues(session, actor, now=now) if Role.COORDINATOR in actor.roles else None


def links_for(counts: Counts | None) -> list[QueueLink] | None:
    """Name the queues beside a page that the approver reads too."""
    return queue_links(counts) if counts is not None else None


def queue_links(counts: Counts, here: Queue | None = None) -> list[QueueLink]:
    """Name the queues with their counts; amber where something is late or needs somebody."""
    labels = {
        Queue.TASKS: _("For you to do"),
        Queue.WAITING: _("Waiting"),
        Queue.LATE: _("Waiting over 5 days"),
        Queue.SHOWN: _("Shown people"),
        Queue.OFFERS: _("Offers out"),
        Queue.SILENT: _("First contact late"),
        Queue.CHECKINS: _("Check-ins for you"),
        Queue.LEAVING: _("Want to leave"),
    }
    return [
        QueueLink(
            label,
            url_for("desk.show_desk", queue=queue),
            _say_count(counts[queue]),
            queue in AMBER and counts[queue] > 0,
            queue is here,
        )
        for queue, label in labels.items()
    ]


def _say_count(count: int) -> str:
    """Write a count as it is shown; behind the last that is counted there may be more."""
    written = format_decimal(count)
    return f"{written}+" if count >= MOST_COUNTED else written


def queue_of(said: str | None) -> Queue:
    """Read which queue is asked for; whoever waits comes first."""
    return Queue(said) if said in set(Queue) else Queue.WAITING
