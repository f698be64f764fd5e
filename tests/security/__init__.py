"""The web edge, tried from outside on the real application."""
