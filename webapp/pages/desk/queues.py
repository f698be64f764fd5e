"""The queues that stand beside every page of the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from webapp.content import programme
from webapp.services.desk.frame import Side
from webapp.services.desk.queues import MOST_COUNTED, Counts, Queue


@dataclass(frozen=True)
class QueueLink:
    """One queue as the component shows it."""

    label: str
    href: str
    count: str
    late: bool
    here: bool


def queue_links(counts: Counts, late: Collection[Queue], here: Queue | None = None) -> list[QueueLink]:
    """Name the queues with their counts; amber where something is late."""
    labels = {
        Queue.TASKS: _("For you to do"),
        Queue.WORDS: _("Words unanswered"),
        Queue.WAITING: _("Waiting"),
        Queue.LATE: _("Waiting over %(days)s working days", days=programme.load().first_answer_days),
        Queue.SHOWN: _("Shown people"),
        Queue.OFFERS: _("Offers out"),
        Queue.SILENT: _("First contact late"),
        Queue.PAIRS: _("Pairs that go on"),
        Queue.LEAVING: _("Want to leave"),
        Queue.UNSENT: _("Notices not sent"),
    }
    return [
        QueueLink(
            label,
            url_for("desk.show_desk", queue=queue),
            _say_count(counts[queue]),
            queue in late,
            queue is here,
        )
        for queue, label in labels.items()
    ]


def beside(side: Side, here: Queue | None = None) -> dict[str, Any]:
    """Say what stands beside a page of the desk."""
    links = queue_links(side.counts, side.late, here) if side.counts else []
    if side.approvals is not None:
        links.append(_approvals_link(side.approvals, late=side.is_approval_late))
    return {"queues": links, "around": side.around}


def _approvals_link(count: int, *, late: bool) -> QueueLink:
    here = request.endpoint == "desk.show_approvals"
    return QueueLink(_("For the approver"), url_for("desk.show_approvals"), _say_count(count), late, here)


def _say_count(count: int) -> str:
    """Write a count as it is shown; behind the last that is counted there may be more."""
    written = format_decimal(count)
    return f"{written}+" if count >= MOST_COUNTED else written


def queue_of(said: str | None) -> Queue:
    """Read which queue is asked for; whoever waits comes first."""
    return Queue(said) if said in set(Queue) else Queue.WAITING
