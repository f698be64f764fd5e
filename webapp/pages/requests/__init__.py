"""Her request: where it stands, and taking it back."""
