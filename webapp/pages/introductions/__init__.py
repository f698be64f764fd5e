"""The page of a pair: who the other is, what the two share, and their conversation."""
