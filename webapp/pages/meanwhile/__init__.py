"""Somebody to talk with meanwhile: what the woman says to it, and the supporter who is asked."""
