"""A file for a calendar that tells nothing: no name, no place, no purpose, no alarm. Its times are in UTC.

The format is RFC 5545: lines end in CR LF, and every event has an id that nobody can follow anywhere.
"""

from datetime import UTC, datetime
from uuid import uuid4

from flask_babel import gettext as _

LINES = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//calendar//1.0//EN",
    "BEGIN:VEVENT",
    "UID:{uid}",
    "DTSTAMP:{made}",
    "DTSTART:{starts}",
    "DTEND:{ends}",
    "SUMMARY:{summary}",
    "CLASS:PRIVATE",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
)


def write(starts_at: datetime, ends_at: datetime, *, made_at: datetime) -> str:
    """Write an appointment from one moment to another."""
    made, starts, ends = map(_in_utc, (made_at, starts_at, ends_at))
    return "\r\n".join(LINES).format(uid=uuid4(), made=made, starts=starts, ends=ends, summary=_("Appointment"))


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
