"""Who may go through which door: every route, every person, every method."""
