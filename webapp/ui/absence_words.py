"""The one sentence about a supporter who is away: never why."""

from flask_babel import gettext as _

from webapp.services.absences.telling import Absence
from webapp.services.tasks.turns import Reader
from webapp.ui.dates import say_day


def say_absence(name: str, absence: Absence, reader: Reader) -> str:
    """Say to a woman that her supporter is away, until when if there is a day, and who looks after her meanwhile."""
    return " ".join(filter(None, (say_away(name, absence), _("That says nothing about you."), say_who_knows(reader))))


def say_who_knows(reader: Reader) -> str:
    """Say who looks after her meanwhile; nothing where nobody may."""
    match reader:
        case Reader.COORDINATOR:
            return str(_("Someone at the programme knows, and looks after you meanwhile."))
        case Reader.SOMEONE_ELSE:
            return str(_("Someone at the programme who is not a coordinator knows, and looks after you meanwhile."))
        case Reader.NOBODY:
            return ""


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
