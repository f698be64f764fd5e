"""Acts on a real database, SQLite and PostgreSQL alike."""
