"""Supporters who are away, through their pages."""
