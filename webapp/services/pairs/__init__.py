"""What the two of a pair arrange: how to be reached, when to talk, what they agree on, and what came of it."""
