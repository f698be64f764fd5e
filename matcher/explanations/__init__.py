"""Why: the same facts in three voices, as message keys with values, and what would change the order."""
