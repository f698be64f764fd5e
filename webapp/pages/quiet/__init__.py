"""Thirteen quiet minutes: staying signed in, the end, and what was typed until then."""
