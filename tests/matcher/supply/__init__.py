"""Proofs of what the roster lacks."""
