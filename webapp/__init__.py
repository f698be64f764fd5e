"""The site. `create_app` puts its parts together and nothing else; each part says what it does in its own module."""

import importlib
import pkgutil
from pathlib import Path

from flask import Flask

from webapp import cli, files, pages, ui
from webapp.config import Settings
from webapp.crypto import keyfile, keyring
from webapp.extensions import babel, csrf, db, engine_options, migrate
from webapp.jobs import warm
from webapp.security import (
    accounts,
    bodies,
    context,
    factors,
    guard,
    headers,
    origins,
    proxies,
    quiet,
    refusals,
    refused,
    retries,
    sessions,
    signing_in,
)
from webapp.services import keys
from webapp.ui import language

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site. Raises RuntimeError for a missing key file and for a route without an action."""
    if settings is None and cli.is_before_setup():
        return cli.app_before_setup()
    if settings is None:
        files.close_to_others()
        settings = Settings.from_environment()
        files.close(settings.instance, *settings.database_files)
    app = Flask(__name__, static_folder="ui/static", template_folder="ui/templates")
    app.config["SETTINGS"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database)
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    db.init_app(app)
    keyring.use(keyfile.ring_of(settings.keys))
    migrate.init_app(app, db, directory=str(MIGRATIONS), transactional_ddl=True)
    proxies.init_app(app, settings)
    sessions.init_app(app, settings)
    bodies.init_app(app)
    signing_in.init_app(app)
    origins.init_app(app, settings)
    quiet.init_app(app)
    guard.init_app(app)
    csrf.init_app(app)
    accounts.init_app(app, settings)
    factors.init_app(app)
    babel.init_app(app, default_locale=language.DEFAULT, locale_selector=language.current)
    ui.set_up(app)
    context.init_app(app, settings)
    headers.init_app(app, settings)
    refusals.init_app(app, settings)
    retries.init_app(app)
    refused.init_app(app)
    cli.init_app(app)
    for part in sorted(module.name for module in pkgutil.iter_modules(pages.__path__)):
        app.register_blueprint(importlib.import_module(f"webapp.pages.{part}.views").page)
    guard.check_every_route(app)
    prove_keys(app, settings)
    warm.init_app(app, settings)
    return app


def prove_keys(app: Flask, settings: Settings) -> None:
    """Prove the keys against the database. Where it does not answer, they are proved before they are next used.

    Raises RuntimeError for keys that are not those of this database.
    """
    ring = keyfile.ring_of(settings.keys)
    newer = keyfile.KeyFile(settings.key_path, settings.keys).newer if settings.key_path else None
    with app.app_context():
        engine = db.engine
    try:
        is_proved = keys.prove_at_start(engine, ring)
    finally:
        engine.dispose()  # a server that forks must not share a connection
    keyring.use(ring, newer=newer, prove=None if is_proved else lambda: keys.prove_reading(engine, ring))
