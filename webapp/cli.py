"""What an operator does by hand: `flask --app webapp setup`, once, and `flask --app webapp link` for another link."""

import click
import flask_migrate
from flask import Flask
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.config import Keys, Settings, key_file
from webapp.content import programme
from webapp.domain.access import VISITOR, Role
from webapp.domain.accounts import LINK_HOLDS
from webapp.extensions import transaction
from webapp.jobs import worker
from webapp.services import accounts, programmes

AT = click.option("--at", default="http://127.0.0.1:8000", show_default=True, help="The address of the site.")
ALREADY = "This installation is set up already. For another link run: flask --app webapp link"
LOST = "The database holds a programme, but there is no key file {}. Restore it from your backup; nothing was changed."


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(setup)
    app.cli.add_command(link)
    worker.init_app(app)


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
    keys = Keys.fresh() if is_fresh else Keys.read(key_file())
    app = _build(keys)
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            if programmes.read_name(session) is not None:
                raise click.ClickException(LOST.format(key_file()) if is_fresh else ALREADY)
            token = programmes.begin_programme(session, name.strip(), now=clock.now())
            if is_fresh:
                keys.write(key_file())
            programme.write_name(app.config["SETTINGS"].name_file, name.strip())
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


def _build(keys: Keys) -> Flask:
    from webapp import create_app  # the application is built here, while its keys are still unwritten

    settings = Settings.from_environment(keys)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return create_app(settings)


def _say_link(at: str, token: str, role: Role) -> None:
    click.echo(f"Open this link within {LINK_HOLDS.days} days. It opens one account, once, as {role}:")
    click.echo(f"  {at.rstrip('/')}/setup/{token}")
