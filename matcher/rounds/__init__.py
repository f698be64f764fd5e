"""Everybody at once: the best round, its proof, what a change would cost, and why somebody waits."""
