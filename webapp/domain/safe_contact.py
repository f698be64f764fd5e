"""How a woman may be reached outside the site: by what, when, in which words. Without her word, in no way at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

HALF_HOUR = timedelta(minutes=30)
A_WEEK = 2 * 24 * 7
LONGEST_ADDRESS = 254
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?[0-9 ().\u00a0/-]+", re.ASCII)


class Channel(StrEnum):
    """A way to reach her that leaves the site."""

    TEXT = "text"
    CALL = "call"
    EMAIL = "email"


class Voicemail(StrEnum):
    """What may be left where she does not pick up."""

    NONE = "none"
    NEUTRAL = "neutral"
    NAMED = "named"


class Wording(StrEnum):
    """Whether words outside the site may say who writes."""

    NEUTRAL = "neutral"
    NAMED = "named"


class Others(StrEnum):
    """Whether somebody else may see what is sent."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    NOT_SURE = "not_sure"


class Standing(StrEnum):
    """Whether what she said counts now."""

    NONE = "none"
    OPEN = "open"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True)
class Contact:
    """What she said. Only ways that she marked have an address here; hours are half-hours of a week."""

    addresses: Mapping[Channel, str] = field(default_factory=dict)
    hours: frozenset[int] = frozenset()
    voicemail: Voicemail = Voicemail.NONE
    wording: Wording = Wording.NEUTRAL
    others: Others | None = None
    code_word: str = ""

    @property
    def leaves_the_site(self) -> bool:
        """Say whether anything at all may happen outside the site."""
        return bool(self.hours or self.addresses)

    def as_document(self) -> dict[str, Any]:
        """Write it as it is stored."""
        return {
            "addresses": {str(channel): said for channel, said in self.addresses.items()},
            "hours": sorted(self.hours),
            "voicemail": str(self.voicemail),
            "wording": str(self.wording),
            "others": str(self.others) if self.others else "",
            "code_word": self.code_word,
        }

    @classmethod
    def from_document(cls, said: Mapping[str, Any]) -> "Contact":
        """Read it as it is stored."""
        return cls(
            addresses={Channel(channel): address for channel, address in said["addresses"].items()},
            hours=frozenset(said["hours"]),
            voicemail=Voicemail(said["voicemail"]),
            wording=Wording(said["wording"]),
            others=Others(said["others"]) if said["others"] else None,
            code_word=said["code_word"],
        )


def stands(valid_until: datetime, closed_at: datetime | None, now: datetime) -> Standing:
    """Say whether a record counts at a moment."""
    if closed_at is not None:
        return Standing.CLOSED
    return Standing.OPEN if now < valid_until else Standing.EXPIRED


def neat_number(said: str) -> str | None:
    """Return a phone number as it is dialled; None for what is none. Ten digits are a number of this continent.

    >>> neat_number("(519) 555-0123"), neat_number("+44 20 7946 0018"), neat_number("555-0123"), neat_number("ask me")
    ('+15195550123', '+442079460018', None, None)
    """
    if not _NUMBER.fullmatch(said.strip()):
        return None
    digits = re.sub(r"[^0-9]", "", said)
    if said.strip().startswith("+"):
        return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return f"+1{digits}" if len(digits) == 10 and digits[0] not in "01" else None


def neat_address(said: str) -> str | None:
    r"""Return an e-mail address; None for what is none, and for anything beside one address.

    >>> neat_address(" claire@example.org "), neat_address("Claire <claire@example.org>")
    ('claire@example.org', None)
    >>> neat_address("claire@example.org\r\nBcc: all@example.org"), neat_address("claire@example")
    (None, None)
    """
    address = said.strip(" ")
    local, _, _ = address.partition("@")
    fits = len(address) <= LONGEST_ADDRESS and len(local) <= 64
    return address if fits and _ADDRESS.fullmatch(address) else None


# Hours


def half_hour_of(moment: datetime, zone: ZoneInfo) -> int:
    """Return the half-hour of her week, by her clock, counted from Monday at midnight."""
    local = moment.astimezone(zone)
    return (local.weekday() * 24 + local.hour) * 2 + local.minute // 30


def is_within(hours: frozenset[int], zone: ZoneInfo, moment: datetime) -> bool:
    """Say whether a moment lies in her hours."""
    return half_hour_of(moment, zone) in hours


def next_within(hours: frozenset[int], zone: ZoneInfo, moment: datetime) -> datetime | None:
    """Return the first moment from this one on that lies in her hours; None where she named none."""
    at = moment
    for _ in range(2 * A_WEEK):  # a second week, because a clock that is put forward leaves half-hours out
        if is_within(hours, zone, at):
            return at
        at = end_of_half_hour(at, zone)
    return None


def end_of_half_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the half-hour by her clock ends; in real time, so that a clock that is changed misleads nobody."""
    local = moment.astimezone(zone)
    since = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) + HALF_HOUR - since
