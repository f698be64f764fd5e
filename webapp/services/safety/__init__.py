"""Her safety: what she is worried about, pairs that rest, and files that are closed to somebody at the desk."""
