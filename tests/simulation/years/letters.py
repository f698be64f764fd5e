"""What arrived: every letter is opened and held against what its reader herself had said at that moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.simulation.years.cast import Person
from tests.simulation.years.site import Site
from webapp.domain.access import Role

SAY_NOTHING = {
    "You have an update": "You have an update. Sign in when you are ready.",
    "Il y a du nouveau": "Il y a du nouveau pour vous. Connectez-vous quand vous voudrez.",
}
CODES = ("Your code", "Votre code")
NIGHT_FROM, NIGHT_UNTIL = time(21), time(8)
OUTSIDE, TELLS, NIGHT, STRANGER = (
    "letters outside a safe-contact record",
    "letters that tell something",
    "letters to staff and supporters at night",
    "letters to an address that nobody gave",
)


class Letters:
    """The mail folder of a site; what was read is taken away."""

    def __init__(self, site: Site) -> None:
        self.site, self.folder, self.read = site, site.folder / "mail", Counter[str]()

    def open_new(self) -> Iterator[tuple[str, str, Person | None]]:
        """Open what came since; return each fault with its name and whom it touches."""
        for path in sorted(self.folder.glob("*.eml")) if self.folder.is_dir() else ():
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            path.unlink()
            yield from self._faults(letter, _moment_of(path))

    def _faults(self, letter: EmailMessage, at: datetime) -> Iterator[tuple[str, str, Person | None]]:
        address, subject = str(letter["To"]), str(letter["Subject"])
        person = self.site.cast.by_address.get(address)
        if person is None:
            yield STRANGER, address, None
            return
        is_code = subject in CODES
        text = letter.get_content().strip()
        self.read["codes" if is_code else "women" if Role.REQUESTER in person.actor.roles else "others"] += 1
        if not is_code and " ".join(text.split()) != SAY_NOTHING.get(subject):
            yield TELLS, f"{subject}: {text}", person
        if Role.REQUESTER in person.actor.roles:
            yield from self._outside_her_word(person, address, at)
        elif is_code:
            person.code = "".join(sign for sign in text.split(".")[0] if sign.isdigit()) or person.code
        else:
            yield from self._at_night(person, address, at)

    def _outside_her_word(self, woman: Person, address: str, at: datetime) -> Iterator[tuple[str, str, Person]]:
        word = woman.word
        fault = "she said nothing" if word is None else word.why_not(at, woman.zone)
        if fault is None and word is not None and word.address != address:
            fault = "it is not her address any more"
        if fault is not None:
            yield OUTSIDE, f"{address} at {at:%Y-%m-%d %H:%M}: {fault}", woman

    def _at_night(self, person: Person, address: str, at: datetime) -> Iterator[tuple[str, str, Person]]:
        here = at.astimezone(ZoneInfo(person.zone)).time()
        if here >= NIGHT_FROM or here < NIGHT_UNTIL or person.address != address:
            yield NIGHT, f"{address} at {at:%Y-%m-%d %H:%M}", person


def _moment_of(path: Path) -> datetime:
    """Read when it left from its name, by the clock of the site."""
    return datetime.strptime(path.name[:15] + "+0000", "%Y%m%dT%H%M%S%z")
