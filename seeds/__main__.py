"""Load the invented programme into a site that has just been set up, and print the sign-ins: python -m seeds."""

import sys
from dataclasses import replace

from seeds.load import load
from seeds.story import tell
from webapp import clock, create_app
from webapp.config import Settings
from webapp.extensions import transaction
from webapp.security.accounts import hash_passphrase
from webapp.services import accounts

PASSPHRASE = "a quiet walk by the river"  # noqa: S105  # invented people only


def main() -> int:
    """Load once, and say who can sign in; a second run only says it again."""
    app = create_app(replace(Settings.from_environment(), warm=False))
    said = app.config["SETTINGS"].instance / "sign-ins.txt"
    with app.app_context(), transaction() as session:
        if accounts.find_user(session, "coordinator") is None:
            programme = load(session, hash_passphrase(PASSPHRASE), now=clock.now())
            said.write_text(_sign_ins(tell(programme)), encoding="utf-8")
    sys.stdout.write(said.read_text(encoding="utf-8"))
    return 0


def _sign_ins(who: dict[str, str]) -> str:
    lines = [f"Everybody invented signs in with the passphrase: {PASSPHRASE}"]
    return "\n".join([*lines, *(f"  {username:<12} {what}" for username, what in who.items())]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
