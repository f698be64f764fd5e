"""What an operator runs, as she runs it."""
