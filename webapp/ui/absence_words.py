"""The one sentence about a supporter who is away: never why."""

from flask_babel import gettext as _

from webapp.services.absences.telling import Absence
from webapp.ui.dates import say_day


def say_absence(name: str, absence: Absence) -> str:
    """Say to a woman that her supporter is away, until when if there is a day, and who looks after her meanwhile."""
    if absence.is_past and absence.until is not None:
        said = _("%(name)s was away until %(day)s, and has not said yet that she is back.")
    elif absence.until is not None:
        said = _("%(name)s is away for a while, until %(day)s.")
    else:
        said = _("%(name)s is away for a while.")
    day = say_day(absence.until) if absence.until is not None else ""
    kind = _("That says nothing about you. A coordinator knows, and looks after you meanwhile.")
    return f"{said % {'name': name, 'day': day}} {kind}"
