"""The one sentence about a supporter who is away: never why."""

from flask_babel import gettext as _

from webapp.services.absences.telling import Absence
from webapp.ui.dates import say_day


def say_absence(name: str, absence: Absence, *, is_for_no_coordinator: bool = False) -> str:
    """Say to a woman that her supporter is away, until when if there is a day, and who looks after her meanwhile."""
    if is_for_no_coordinator:
        kind = _(
            "That says nothing about you. Someone at the programme who is not a coordinator knows, and looks after you "
            "meanwhile."
        )
    else:
        kind = _("That says nothing about you. Someone at the programme knows, and looks after you meanwhile.")
    return f"{say_away(name, absence)} {kind}"


def say_away(name: str, absence: Absence) -> str:
    """Say that a supporter is away, and until when if there is a day."""
    if absence.is_past and absence.until is not None:
        said = _("%(name)s was away until %(day)s, and has not said yet that she is back.")
    elif absence.until is not None:
        said = _("%(name)s is away for a while, until %(day)s.")
    else:
        said = _("%(name)s is away for a while.")
    day = say_day(absence.until) if absence.until is not None else ""
    return f"{said % {'name': name, 'day': day}}"
