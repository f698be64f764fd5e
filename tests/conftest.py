"""What every test may ask for."""

from tests.matcher.markets import each_way
from tests.programme.fixtures import (
    app,
    client,
    database,
    on_either,
    on_postgres,
    on_sqlite,
    settings,
    sign_in_as,
)

__all__ = ["app", "client", "database", "each_way", "on_either", "on_postgres", "on_sqlite", "settings", "sign_in_as"]
