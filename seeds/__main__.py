"""Load the invented programme into a site that has just been set up, and print the sign-ins: python -m seeds."""

import sys

from seeds.load import load
from seeds.story import tell
from webapp import clock, create_app
from webapp.extensions import transaction
from webapp.security.accounts import hash_passphrase
from webapp.services import accounts

PASSPHRASE = "a quiet walk by the river"  # noqa: S105  # invented people only


def main() -> int:
    """Load once; a second run changes nothing."""
    app = create_app()
    with app.app_context(), transaction() as session:
        if accounts.find_user(session, "coordinator") is not None:
            return 0
        programme = load(session, hash_passphrase(PASSPHRASE), now=clock.now())
        who = tell(programme)
    sys.stdout.write(f"Everybody invented signs in with the passphrase: {PASSPHRASE}\n")
    for username, what in who.items():
        sys.stdout.write(f"  {username:<12} {what}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
