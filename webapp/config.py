"""Settings from the environment and the key file. Keys are never in the database nor in the repository."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """The secrets of one installation: field keys by number, which one is current, and the cookie's key."""

    fields: dict[int, bytes]
    current: int
    session: str
    blind: bytes

    @classmethod
    def fresh(cls) -> "Keys":
        """Make new keys."""
        return cls({1: secrets.token_bytes(KEY_BYTES)}, 1, secrets.token_hex(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    def write(self, path: Path) -> None:
        """Write the keys to a file that only its owner may read. Raises FileExistsError."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        said = {
            "fields": {str(number): _text(key) for number, key in self.fields.items()},
            "current": self.current,
            "session": self.session,
            "blind": _text(self.blind),
        }
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(said, file, indent=2)

    @classmethod
    def read(cls, path: Path) -> "Keys":
        """Read the keys. Raises RuntimeError with the remedy."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            fields = {int(number): base64.b64decode(key) for number, key in said["fields"].items()}
            return cls(fields, said["current"], said["session"], base64.b64decode(said["blind"]))
        except FileNotFoundError:
            raise RuntimeError(f"There is no key file {path}. Run: flask --app webapp setup") from None
        except (KeyError, ValueError) as error:
            raise RuntimeError(f"The key file {path} is damaged ({error}). Restore it from your backup.") from None


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


@dataclass(frozen=True)
class Settings:
    """What an operator decides: where data lies, what the programme is called, where a woman lands who leaves.

    `components` opens the page that shows every piece of the pages, for those who build them. `hosts` are the names
    under which the site may be asked for; without any, every name is answered and none is repeated.
    """

    instance: Path
    database: str
    keys: Keys
    https: bool = True
    idle_minutes: int = 15
    neutral_site: str = "https://weather.gc.ca/"
    rate_limits: bool = True
    proxies: int = 0
    hash_kib: int = 64 * 1024
    components: bool = False
    hosts: tuple[str, ...] = ()

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
            https=os.environ.get("PAIRWELL_HTTPS", "1") == "1",
            neutral_site=os.environ.get("PAIRWELL_NEUTRAL_SITE", cls.neutral_site),
            proxies=int(os.environ.get("PAIRWELL_PROXIES", "0")),
            hash_kib=int(os.environ.get("PAIRWELL_HASH_KIB", cls.hash_kib)),
            components=os.environ.get("PAIRWELL_COMPONENTS", "0") == "1",
            hosts=tuple(filter(None, os.environ.get("PAIRWELL_HOSTS", "").replace(",", " ").split())),
        )


def instance_folder() -> Path:
    """Say where the data of this installation lies."""
    return Path(os.environ.get("PAIRWELL_INSTANCE", "instance")).resolve()


def key_file() -> Path:
    """Say where the keys of this installation lie."""
    return Path(os.environ.get("PAIRWELL_KEYS", instance_folder() / "keys.json"))
