"""`flask --app webapp send-test ADDRESS`: one neutral letter, and plainly what went wrong where it does not leave."""

import click
from flask import current_app

from webapp import clock
from webapp.config import MailSettings
from webapp.domain.safe_contact import neat_address
from webapp.services.notices import delivery

NO_WAY_OUT = "No mail server is named. Set PAIRWELL_MAIL_FROM and PAIRWELL_SMTP_HOST: see docs/runbook.md, Mail."
MEANS = {
    "bad_address": "The address is none. Write it alone, as in name@example.org.",
    "address_refused": "The server took the line and refuses this address.",
    "letter_refused": "The server took the address and refuses the letter.",
    "server_refused": "The server refuses to talk with us, or refuses the sender of PAIRWELL_MAIL_FROM.",
    "sign_in_refused": "The server refuses PAIRWELL_SMTP_USER with the password of PAIRWELL_SMTP_PASSWORD_FILE.",
    "certificate_not_trusted": "The server's certificate is not for PAIRWELL_SMTP_HOST, is too old, or is signed by "
    "nobody whom this machine trusts. A certificate of your own goes into PAIRWELL_SMTP_CA.",
    "no_starttls": "The server offers no STARTTLS here. Is PAIRWELL_SMTP_PORT right? With port 465, set "
    "PAIRWELL_SMTP_SECURITY to tls.",
    "no_closed_line": "The line could not be closed to others. With port 465 set PAIRWELL_SMTP_SECURITY to tls, with "
    "587 to starttls.",
    "line_cut": "The server ended the line, or said nothing for PAIRWELL_SMTP_SECONDS.",
    "no_answer": "Nobody answers at PAIRWELL_SMTP_HOST and PAIRWELL_SMTP_PORT. Are both right, and may this machine "
    "reach them?",
    "folder": "The folder of PAIRWELL_MAIL_FOLDER cannot be written.",
}
"""What each beginning of a code means, and what to do."""


@click.command("send-test")
@click.argument("address")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def send_test(address: str, language: str) -> None:
    """Send one neutral letter to ADDRESS, as every notice is sent, and say what came of it."""
    settings: MailSettings = current_app.config["SETTINGS"].mail
    if not settings.is_there:
        raise click.ClickException(NO_WAY_OUT)
    if neat_address(address) is None:
        raise click.ClickException(MEANS["bad_address"])
    try:
        delivery.send_test(address, language, settings, clock=clock.now)
    except delivery.NotSent as failure:
        raise click.ClickException(f"{explain(failure.code)} ({failure.code})") from None
    where = f"It lies in {settings.folder}." if settings.folder else f"{settings.host} took it. Look into the mail box."
    click.echo(where)


def explain(code: str) -> str:
    """Say in words what a code of a failure means."""
    return next((said for begins, said in MEANS.items() if code.startswith(begins)), "It did not leave.")
