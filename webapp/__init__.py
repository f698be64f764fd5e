"""The site. `create_app` puts its parts together and nothing else; each part says what it does in its own module."""

import importlib
import pkgutil
from pathlib import Path

from flask import Flask

from webapp import cli, pages, ui
from webapp.config import Settings
from webapp.crypto import keyring
from webapp.extensions import babel, csrf, db, engine_options, migrate
from webapp.security import accounts, context, guard, headers, origins, quiet, refusals, sessions
from webapp.ui import language

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site. Raises RuntimeError for a missing key file and for a route without an action."""
    if settings is None and cli.is_before_setup():
        return cli.app_before_setup()
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder="ui/static", template_folder="ui/templates")
    app.config["SETTINGS"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database)
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    keyring.use(keyring.KeyRing(settings.keys.fields, settings.keys.current, settings.keys.blind))
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), transactional_ddl=True)
    sessions.init_app(app, settings)
    origins.init_app(app, settings)
    quiet.init_app(app)
    guard.init_app(app)
    csrf.init_app(app)
    accounts.init_app(app, settings)
    babel.init_app(app, default_locale=language.DEFAULT, locale_selector=language.current)
    ui.set_up(app)
    context.init_app(app, settings)
    headers.init_app(app, settings)
    refusals.init_app(app, settings)
    cli.init_app(app)
    for part in sorted(module.name for module in pkgutil.iter_modules(pages.__path__)):
        app.register_blueprint(importlib.import_module(f"webapp.pages.{part}.views").page)
    guard.check_every_route(app)
    return app
