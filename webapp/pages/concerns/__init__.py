"""What she tells us when something is not right, and what came of it."""
