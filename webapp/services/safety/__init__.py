"""Her safety: how she may be reached, what she tells us, pairs that rest, and files that are closed to somebody."""
