"""Guessing, polling, asking for names, flooding: what is tried against the site and its people."""
