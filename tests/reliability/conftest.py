"""The same world as the services' tests, on both databases."""

from tests.services.conftest import world

__all__ = ["world"]
