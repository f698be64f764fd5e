"""Her answers: the questions screen by screen, the summary, and sending them."""
