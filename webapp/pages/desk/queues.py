"""The queues that stand beside every page of the desk."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.services.desk import Counts

QUEUES = ("waiting", "late", "shown", "offers", "silent", "checkins")
AMBER = frozenset({"late", "silent", "checkins"})


@dataclass(frozen=True)
class QueueLink:
    """One queue as the component shows it."""

    label: str
    href: str
    count: int
    late: bool
    here: bool


def queue_links(counts: Counts, here: str | None = None) -> list[QueueLink]:
    """Name the queues with their counts; amber where something is late or needs somebody."""
    labels = {
        "waiting": _("Waiting"),
        "late": _("Waiting over 5 days"),
        "shown": _("Shown people"),
        "offers": _("Offers out"),
        "silent": _("First contact late"),
        "checkins": _("Check-ins for you"),
    }
    return [
        QueueLink(
            labels[queue],
            url_for("desk.show_desk", queue=queue),
            getattr(counts, queue),
            queue in AMBER and getattr(counts, queue) > 0,
            queue == here,
        )
        for queue in QUEUES
    ]
