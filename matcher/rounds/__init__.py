"""The whole waiting list at once: the optimal round, its proof, what a change would cost, and why somebody waits."""
