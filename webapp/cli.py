"""What an operator does by hand: `flask --app webapp setup`, once; `link` and `reset-link` for links."""

import click
import flask_migrate
from flask import Flask
from flask.typing import ResponseReturnValue

from webapp import clock, files
from webapp.commands import keys as key_commands
from webapp.commands.serve import serve
from webapp.config import BadKeys, Keys, Settings, key_file
from webapp.domain.access import VISITOR, Role
from webapp.domain.accounts import LINK_HOLDS
from webapp.extensions import transaction
from webapp.jobs import verify, worker
from webapp.services import accounts, programmes, reset_links
from webapp.services.acting import Missing

AT = click.option("--at", default="http://127.0.0.1:8000", show_default=True, help="The address of the site.")
ALREADY = "This installation is set up already. For another link run: flask --app webapp link"
NOBODY_WORKS_HERE = (
    "No coordinator and no supporter with an open account signs in with this name. A woman who asks is let in by her "
    "recovery code, or by a coordinator whom she calls: see docs/runbook.md, Somebody cannot get in."
)
LOST = "The database holds a programme, but there is no key file {}. Restore it from your backup; nothing was changed."


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(setup)
    app.cli.add_command(link)
    app.cli.add_command(serve)
    app.cli.add_command(key_commands.keys)
    app.cli.add_command(reset_link)
    worker.init_app(app)
    verify.init_app(app)


def is_before_setup() -> bool:
    """Say whether a command is running where there are no keys yet."""
    return click.get_current_context(silent=True) is not None and not key_file().exists()


def app_before_setup() -> Flask:
    """Return a site that can do nothing but be set up."""
    app = Flask("webapp", static_folder=None)
    app.cli.add_command(setup)

    @app.before_request
    def refuse() -> ResponseReturnValue:
        return "This site is not set up yet. Run: flask --app webapp setup\n", 503

    return app


@click.command()
@click.option("--name", prompt="What do users see as the name of the programme?", help="The programme's name.")
@AT
def setup(name: str, at: str) -> None:
    """Make keys and tables, name the programme, and print the link for the first coordinator. Runs once."""
    is_fresh = not key_file().exists()
    try:
        keys = Keys.fresh() if is_fresh else Keys.read(key_file())
        app = _build(keys)
    except BadKeys as bad:
        raise click.ClickException(LOST.format(key_file()) if is_fresh else str(bad)) from None
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            if programmes.read_name(session) is not None:
                raise click.ClickException(LOST.format(key_file()) if is_fresh else ALREADY)
            token = programmes.begin_programme(session, name.strip(), now=clock.now())
            if is_fresh:
                keys.write(key_file())
    click.echo(f"{name.strip()} is set up. Its keys are in {key_file()}: keep a copy apart from the database.")
    _say_link(at, token, Role.COORDINATOR)


@click.command()
@click.argument("role", type=click.Choice([str(Role.COORDINATOR), str(Role.SUPPORTER)]), default=str(Role.COORDINATOR))
@AT
def link(role: str, at: str) -> None:
    """Print a link that opens one account with this role."""
    with transaction() as session:
        token = accounts.make_link(session, VISITOR, Role(role), now=clock.now())
    _say_link(at, token, Role(role))


@click.command("reset-link")
@click.argument("name")
@AT
def reset_link(name: str, at: str) -> None:
    """Print a link by which the coordinator or supporter who signs in as NAME chooses a new passphrase."""
    try:
        with transaction() as session:
            code = reset_links.make_operator_link(session, name, now=clock.now())
    except Missing:
        raise click.ClickException(NOBODY_WORKS_HERE) from None
    click.echo("Open this link within one hour. It works once, and ends every sign-in of hers:")
    click.echo(f"  {at.rstrip('/')}/reset/{code}")


def _build(keys: Keys) -> Flask:
    from webapp import create_app  # the application is built here, while its keys are still unwritten

    settings = Settings.from_environment(keys)
    files.close_to_others()
    settings.instance.mkdir(parents=True, exist_ok=True)
    files.close(settings.instance, *settings.database_files)
    return create_app(settings)


def _say_link(at: str, token: str, role: Role) -> None:
    click.echo(f"Open this link within {LINK_HOLDS.days} days. It opens one account, once, as {role}:")
    click.echo(f"  {at.rstrip('/')}/setup/{token}")
