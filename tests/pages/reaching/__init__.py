"""How she may be reached, and where notices go, on their pages."""
