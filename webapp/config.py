"""Settings from the environment and the key file. Keys are never in the database nor in the repository."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from webapp import files
from webapp.domain.safe_contact import neat_address

KEY_BYTES = 32
LAST_NUMBER = 255
"""The highest number of a key: an envelope has one byte for it."""


class BadKeys(RuntimeError):
    """Raised for keys that cannot be used; says which file it is and what to do."""


@dataclass(frozen=True)
class Keys:
    """The secrets of one installation: field keys by number, which one is current, and the cookie's key."""

    fields: dict[int, bytes]
    current: int
    session: str
    blind: bytes
    rotated_at: str = ""

    @classmethod
    def fresh(cls) -> "Keys":
        """Make new keys."""
        return cls({1: secrets.token_bytes(KEY_BYTES)}, 1, secrets.token_hex(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    def with_new_key(self, now: datetime) -> "Keys":
        """Return the keys with a new one that is current; the others still read. Raises BadKeys past the last."""
        number = max(self.fields) + 1
        if number > LAST_NUMBER:
            raise BadKeys(f"No key can have a number above {LAST_NUMBER}.")
        fields = {**self.fields, number: secrets.token_bytes(KEY_BYTES)}
        return replace(self, fields=fields, current=number, rotated_at=now.isoformat())

    def without(self, number: int) -> "Keys":
        """Return the keys without an old one."""
        return replace(self, fields={one: key for one, key in self.fields.items() if one != number})

    def write(self, path: Path) -> None:
        """Write the keys to a new file that only its owner may read. Raises FileExistsError."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(self._as_text())

    def write_over(self, path: Path) -> None:
        """Write the keys in place of those in the file: a reader finds the old ones or the new ones, whole."""
        files.write_whole(path, self._as_text())

    def _as_text(self) -> str:
        said = {
            "fields": {str(number): _text(key) for number, key in self.fields.items()},
            "current": self.current,
            "session": self.session,
            "blind": _text(self.blind),
            "rotated_at": self.rotated_at,
        }
        return json.dumps(said, indent=2)

    @classmethod
    def read(cls, path: Path) -> "Keys":
        """Read the keys. Raises BadKeys with the remedy."""
        try:
            _refuse_readable(path)
            return cls._checked(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise BadKeys(f"There is no key file {path}. Run: flask --app webapp setup") from None
        except PermissionError:
            raise BadKeys(f"The key file {path} belongs to somebody else. Run: chown {_me()} {path}") from None
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise BadKeys(f"The key file {path} is damaged ({error}). Restore it from your backup.") from None

    @classmethod
    def _checked(cls, said: Mapping[str, Any]) -> "Keys":
        fields = {int(number): _key(f"key {number}", key) for number, key in said["fields"].items()}
        if said["current"] not in fields:
            raise ValueError(f"it has no key {said['current']}, which is said to be the current one")
        if not all(1 <= number <= LAST_NUMBER for number in fields):
            raise ValueError(f"a key has a number that is not between 1 and {LAST_NUMBER}")
        if not isinstance(said["session"], str) or len(said["session"]) < KEY_BYTES:
            raise ValueError("the session key is too short")
        blind = _key("the blind key", said["blind"])
        return cls(fields, said["current"], said["session"], blind, said.get("rotated_at", ""))


def _refuse_readable(path: Path) -> None:
    """Refuse keys that somebody else could have read. Raises BadKeys."""
    if files.is_open_to_others(path):
        raise BadKeys(f"Others on this machine can read the key file {path}. Run: chmod 600 {path}")
    if files.is_open_to_others(path.parent):
        raise BadKeys(f"Others on this machine can open the folder of the key file. Run: chmod 700 {path.parent}")


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(f"{name} is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"{name} has {len(key)} bytes instead of {KEY_BYTES}")
    return key


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _me() -> str:
    return os.environ.get("USER", str(os.geteuid()))


class BadMail(RuntimeError):
    """Raised for settings of the mail that cannot be used; says which one it is and what to do."""


class Security(StrEnum):
    """How the line to the mail server is closed to others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class MailSettings:
    """How e-mail leaves: by a server, or into files of a folder, which is for demonstrations; else it does not.

    The name and the address are what is seen in a mail box, so they must tell nothing.
    """

    sender: str = ""
    sender_name: str = "Updates"
    host: str = ""
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    certificates: Path | None = None
    seconds: float = 20
    folder: Path | None = None

    @property
    def is_there(self) -> bool:
        """Say whether any mail can leave."""
        return bool(self.sender and (self.host or self.folder))

    @classmethod
    def from_environment(cls) -> "MailSettings":
        """Read them from PAIRWELL_MAIL_... and PAIRWELL_SMTP_... variables. Raises BadMail with the remedy."""
        said = os.environ.get
        mail = cls(
            sender=said("PAIRWELL_MAIL_FROM", ""),
            sender_name=said("PAIRWELL_MAIL_NAME", cls.sender_name),
            host=said("PAIRWELL_SMTP_HOST", ""),
            port=int(said("PAIRWELL_SMTP_PORT", cls.port)),
            security=_security(said("PAIRWELL_SMTP_SECURITY", str(cls.security))),
            user=said("PAIRWELL_SMTP_USER", ""),
            password=_password(said("PAIRWELL_SMTP_PASSWORD_FILE", "")),
            certificates=Path(file) if (file := said("PAIRWELL_SMTP_CA", "")) else None,
            seconds=float(said("PAIRWELL_SMTP_SECONDS", cls.seconds)),
            folder=Path(folder).resolve() if (folder := said("PAIRWELL_MAIL_FOLDER", "")) else None,
        )
        mail.check()
        return mail

    def check(self) -> None:
        """Refuse what would fail, or tell somebody on the way. Raises BadMail."""
        if (self.host or self.folder) and neat_address(self.sender) is None:
            raise BadMail(
                "PAIRWELL_MAIL_FROM must be the one address from which mail goes out, as in name@example.org."
            )
        if not self.sender_name.isprintable():
            raise BadMail("PAIRWELL_MAIL_NAME must be one line.")
        if self.host and self.security is Security.NONE and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise BadMail("PAIRWELL_SMTP_SECURITY is none, which is for a server on this machine. Set starttls or tls.")


def _security(said: str) -> Security:
    try:
        return Security(said)
    except ValueError:
        raise BadMail(f"PAIRWELL_SMTP_SECURITY is {said!r}. It can be: {', '.join(Security)}.") from None


def _password(file: str) -> str:
    """Read the password from its file; it stands in no variable, which every process of this user could read."""
    try:
        return Path(file).read_text(encoding="utf-8").strip() if file else ""
    except OSError as error:
        raise BadMail(f"PAIRWELL_SMTP_PASSWORD_FILE {file} cannot be read: {error.strerror}.") from None


@dataclass(frozen=True)
class Settings:
    """What an operator decides: where data lies, what the programme is called, where a woman lands who leaves.

    `proxies` says how many proxies stand in front; None that nobody said so, and then a request through one is refused.
    `components` opens the page that shows every piece of the pages, for those who build them.
    `warm` lets a process that serves get ready to rank as it starts. `hosts` are the names under which the site may be
    asked for; without any, every name is answered and none is repeated.
    """

    instance: Path
    database: str
    keys: Keys
    https: bool = True
    idle_minutes: int = 15
    neutral_site: str = "https://weather.gc.ca/"
    rate_limits: bool = True
    proxies: int | None = None
    hash_kib: int = 64 * 1024
    components: bool = False
    anchor: Path | None = None
    key_path: Path | None = None
    warm: bool = False
    hosts: tuple[str, ...] = ()
    mail: MailSettings = MailSettings()

    @property
    def anchor_file(self) -> Path:
        """Say where the head of the audit is written daily; best on another disk than the database."""
        return self.anchor or self.instance / "audit-anchor.jsonl"

    @property
    def database_files(self) -> list[Path]:
        """List the files of an SQLite database, wherever it lies."""
        kind, _, path = self.database.partition(":///")
        return [Path(path + end) for end in ("", "-wal", "-shm")] if kind == "sqlite" and path else []

    @property
    def name_file(self) -> Path:
        """Say where the programme's name is written for the pages."""
        return self.instance / "programme.json"

    @classmethod
    def from_environment(cls, keys: Keys | None = None) -> "Settings":
        """Read settings from PAIRWELL_... variables; data lies in ./instance unless they say otherwise."""
        instance = instance_folder()
        return cls(
            instance=instance,
            database=os.environ.get("PAIRWELL_DATABASE", f"sqlite:///{instance / 'pairwell.db'}"),
            keys=keys or Keys.read(key_file()),
            key_path=None if keys else key_file(),
            https=os.environ.get("PAIRWELL_HTTPS", "1") == "1",
            neutral_site=os.environ.get("PAIRWELL_NEUTRAL_SITE", cls.neutral_site),
            proxies=int(said) if (said := os.environ.get("PAIRWELL_PROXIES")) else None,
            hash_kib=int(os.environ.get("PAIRWELL_HASH_KIB", cls.hash_kib)),
            components=os.environ.get("PAIRWELL_COMPONENTS", "0") == "1",
            anchor=Path(file) if (file := os.environ.get("PAIRWELL_AUDIT_ANCHOR")) else None,
            warm=os.environ.get("PAIRWELL_WARM", "1") == "1",
            mail=MailSettings.from_environment(),
            hosts=tuple(filter(None, os.environ.get("PAIRWELL_HOSTS", "").replace(",", " ").split())),
        )


def instance_folder() -> Path:
    """Say where the data of this installation lies."""
    return Path(os.environ.get("PAIRWELL_INSTANCE", "instance")).resolve()


def key_file() -> Path:
    """Say where the keys of this installation lie."""
    return Path(os.environ.get("PAIRWELL_KEYS", instance_folder() / "keys.json"))
