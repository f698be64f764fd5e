"""What the two of a pair arrange on their page, through HTTP."""
