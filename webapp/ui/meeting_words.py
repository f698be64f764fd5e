"""The words for how two meet: kinds of ways to be reached, lengths, how often. Rules are in domain."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.domain.agreements import WEEKS, Often
from webapp.domain.details import Kind
from webapp.domain.meetings import LENGTHS, Length

KINDS = {
    Kind.NUMBER: _l("a phone number"),
    Kind.EMAIL: _l("an e-mail address"),
    Kind.OTHER: _l("another way, for example an app"),
}
SHOWN_AS = {Kind.NUMBER: _l("Phone number"), Kind.EMAIL: _l("E-mail"), Kind.OTHER: _l("Another way")}
TALKED_FOR = {
    Length.SHORT: _l("under 15 minutes"),
    Length.HALF_HOUR: _l("about half an hour"),
    Length.HOUR: _l("about an hour"),
    Length.LONGER: _l("longer"),
}
OFTEN = {
    Often.WEEKLY: _l("once a week"),
    Often.EVERY_TWO_WEEKS: _l("every two weeks"),
    Often.AS_IT_COMES: _l("as it comes"),
    Often.OWN: _l("in our own words:"),
}


def say_minutes(minutes: int) -> str:
    """Say how long a talk is planned."""
    text: str = _("%(minutes)s minutes", minutes=minutes)
    return text


def say_weeks(weeks: int) -> str:
    """Say a length in weeks."""
    text: str = ngettext("%(num)s week", "%(num)s weeks", weeks)
    return text


def lengths() -> list[tuple[str, str]]:
    """List how long a talk may be planned, for a form."""
    return [(str(minutes), say_minutes(minutes)) for minutes in LENGTHS]


def weeks() -> list[tuple[str, str]]:
    """List until when two may agree, for a form."""
    return [(str(one), say_weeks(one)) for one in WEEKS]
