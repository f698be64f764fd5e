"""When somebody is at the desk, and by when somebody is in touch, said as it is: no promise for a night."""

from datetime import datetime

from flask_babel import gettext as _

from webapp.content import programme
from webapp.domain.tasks import Soon, due_at
from webapp.ui import dates, language


def say_hours() -> str:
    """Say in which hours somebody is at the desk."""
    hours = programme.load().reading_hours[language.current()]
    return str(_("Someone is here %(hours)s.", hours=hours))


def say_when_today(zone: str, *, now: datetime) -> str:
    """Say by when somebody is in touch with one who asks for it now, by her own clock."""
    due = due_at(Soon.TODAY, programme.load().staffed, now=now)
    if programme.load().staffed.is_staffed(now):
        return str(_("Somebody is in touch with you today, by %(hour)s.", hour=dates.say_hour(due, zone)))
    day, moment = dates.say_weekday(now, zone), dates.say_moment(due, zone)
    return str(_("It is %(day)s, and nobody is here now: somebody is in touch by %(moment)s.", day=day, moment=moment))
