"""Load the invented programme into a site that has just been set up, and print the sign-ins: python -m seeds.

`python -m seeds code` (make code) prints the code that the invented coordinator's app would show now.
"""

import sys

from seeds.load import RECOVERY, SECRET, load
from seeds.story import tell
from webapp import clock, create_app
from webapp.domain.factors import in_fours
from webapp.extensions import transaction
from webapp.security.accounts import hash_passphrase
from webapp.security.factors import present_code
from webapp.services import accounts

PASSPHRASE = "a quiet walk by the river"  # noqa: S105  # invented people only

AS_IT_WAS = """The programme stands as you left it. What is said here is how it began; codes that were used are used.
`make clean` takes it away, and the next `make demo` begins anew.
"""


def main() -> int:
    """Load once, and say who can sign in; a second run only says it again."""
    if sys.argv[1:] == ["code"]:
        code, seconds = present_code(SECRET)
        sys.stdout.write(f"{code}  (works once; the next one comes in {seconds} seconds)\n")
        return 0
    app = create_app()
    said = app.config["SETTINGS"].instance / "sign-ins.txt"
    with app.app_context(), transaction() as session:
        is_new = accounts.find_user(session, "coordinator") is None
        if is_new:
            programme = load(session, hash_passphrase(PASSPHRASE), now=clock.now())
            said.write_text(_sign_ins(tell(programme)), encoding="utf-8")
    if not is_new:
        sys.stdout.write(AS_IT_WAS)
    sys.stdout.write(said.read_text(encoding="utf-8"))
    return 0


def _sign_ins(who: dict[str, str]) -> str:
    lines = [
        f"Everybody invented signs in with the passphrase: {PASSPHRASE}",
        *(f"  {username:<12} {what}" for username, what in who.items()),
        "The coordinator and the approver have a second lock. Type one of these, each works once:",
        *("  " + ", ".join(RECOVERY[place : place + 5]) for place in range(0, len(RECOVERY), 5)),
        "or the code that `make code` prints in another terminal, or that an app shows for this secret:",
        f"  {in_fours(SECRET)}",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
