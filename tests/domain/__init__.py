"""The pure rules of the site: every cell of every table."""
