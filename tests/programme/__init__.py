"""A programme for tests: its databases, its site, and browsers that use it."""
