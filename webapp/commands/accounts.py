"""What an operator does for an account: `link` opens one, `reset-link` lets back in, `reset-factors` unlocks."""

import click
from flask import current_app

from webapp import clock
from webapp.domain.access import VISITOR, Role
from webapp.domain.accounts import LINK_HOLDS
from webapp.extensions import transaction
from webapp.services import accounts
from webapp.services.accounts import factors, reset_links
from webapp.services.acting import Missing

AT = click.option("--at", help="The address of the site, such as https://example.org.  [default: as the settings say]")
NOT_KNOWN = "http://127.0.0.1:8000"
WORKS_HERE = [str(role) for role in (Role.COORDINATOR, Role.APPROVER, Role.SUPPORTER)]
NOBODY_WORKS_HERE = (
    "No coordinator, approver or supporter with an open account signs in with this name. A woman who asks is let in by "
    "her recovery code, or by a coordinator whom she calls: see docs/runbook.md, Somebody cannot get in."
)


@click.command()
@click.argument("role", type=click.Choice(WORKS_HERE), default=str(Role.COORDINATOR))
@AT
def link(role: str, at: str | None) -> None:
    """Print a link that opens one account with this role."""
    with transaction() as session:
        token = accounts.make_link(session, VISITOR, Role(role), now=clock.now())
    say_link(at, token, Role(role))


@click.command("reset-link")
@click.argument("name")
@click.option("--factors", "clears", is_flag=True, help="Take her second locks away too, when the link is used.")
@AT
def reset_link(name: str, at: str | None, clears: bool) -> None:
    """Print a link by which the coordinator, approver or supporter who signs in as NAME chooses a new passphrase."""
    try:
        with transaction() as session:
            code = reset_links.make_operator_link(session, name, clears_factors=clears, now=clock.now())
    except Missing:
        raise click.ClickException(NOBODY_WORKS_HERE) from None
    click.echo("Open this link within one hour. It works once, and ends every sign-in of hers:")
    _say_address(at, f"/reset/{code}")


@click.command("reset-factors")
@click.argument("name")
def reset_factors(name: str) -> None:
    """Take the second locks of NAME away, after you have made sure that it is she who asks, and end her sign-ins."""
    with transaction() as session:
        user = accounts.find_user(session, name)
        if user is None:
            raise click.ClickException(f"There is no account with the name {name}. Nothing was changed.")
        factors.reset(session, VISITOR, user.id, now=clock.now())
        accounts.end_sign_ins(session, VISITOR, user.id, now=clock.now())
        again = factors.requires_lock(frozenset(Role(role.name) for role in user.roles))
    click.echo(f"The second locks of {name} are gone, and every sign-in of hers has ended.")
    if again:
        click.echo(
            "Her role requires one: she sets it up anew when she signs in, with her passphrase alone until then."
        )


def say_link(at: str | None, token: str, role: Role) -> None:
    """Print the link that opens an account."""
    click.echo(f"Open this link within {LINK_HOLDS.days} days. It opens one account, once, as {role}:")
    _say_address(at, f"/setup/{token}")


def _say_address(at: str | None, path: str) -> None:
    """Print where a link leads: at the address that was said, else at the first of the site's own names."""
    hosts = current_app.config["SETTINGS"].hosts
    known = at or (f"https://{hosts[0].lstrip('.')}" if hosts else None)
    click.echo(f"  {(known or NOT_KNOWN).rstrip('/')}{path}")
    if known is None:
        click.echo("If the site is reached elsewhere, put its address in front, or say it: --at https://example.org")
