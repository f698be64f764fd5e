"""The commands of the operator, put together: `flask --app webapp setup`, once, and those of commands/ and jobs/."""

import click
import flask_migrate
from flask import Flask
from flask.typing import ResponseReturnValue

from webapp import clock, files
from webapp.commands import keys as key_commands
from webapp.commands.accounts import AT, link, reset_factors, reset_link, say_link
from webapp.commands.doctor import doctor
from webapp.commands.mail import send_test
from webapp.commands.serve import serve
from webapp.config import BadKeys, Keys, Settings, key_file
from webapp.content import programme
from webapp.domain.access import Role
from webapp.extensions import transaction
from webapp.jobs import verify, worker
from webapp.services import programmes

ALREADY = "This installation is set up already. For another link run: flask --app webapp link"
LOST = "The database holds a programme, but there is no key file {}. Restore it from your backup; nothing was changed."

NEED_SETUP = ("serve", "work", "doctor", "link", "send-test")
ANY_ARGUMENTS = {"ignore_unknown_options": True, "allow_extra_args": True}


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (setup, link, reset_link, reset_factors, serve, doctor, send_test, key_commands.keys):
        app.cli.add_command(command)
    worker.init_app(app)
    verify.init_app(app)


def is_before_setup() -> bool:
    """Say whether a command is running where there are no keys yet."""
    return click.get_current_context(silent=True) is not None and not key_file().exists()


def app_before_setup() -> Flask:
    """Return a site that can do nothing but be set up."""
    app = Flask("webapp", static_folder=None)
    app.cli.add_command(setup)
    for name in NEED_SETUP:
        app.cli.add_command(click.Command(name, callback=_refuse_before_setup, context_settings=ANY_ARGUMENTS))

    @app.before_request
    def refuse() -> ResponseReturnValue:
        return "This site is not set up yet. Run: flask --app webapp setup\n", 503

    return app


def _refuse_before_setup() -> None:
    raise click.ClickException(f"{key_file()} is not there: this site is not set up yet. Run: flask --app webapp setup")


@click.command()
@click.option("--name", prompt="What do users see as the name of the programme?", help="The programme's name.")
@AT
def setup(name: str, at: str | None) -> None:
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
            programme.write_name(app.config["SETTINGS"].name_file, name.strip())
        click.echo(f"{name.strip()} is set up. Its keys are in {key_file()}: keep a copy apart from the database.")
        say_link(at, token, Role.COORDINATOR)


def _build(keys: Keys) -> Flask:
    from webapp import create_app  # the application is built here, while its keys are still unwritten

    settings = Settings.from_environment(keys)
    files.close_to_others()
    settings.instance.mkdir(parents=True, exist_ok=True)
    files.close(settings.instance, *settings.database_files)
    return create_app(settings)
