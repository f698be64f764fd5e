"""The matching engine: pure, without web or database. It ranks trained peer supporters for one request and says why."""

__version__ = "1.0.0"
