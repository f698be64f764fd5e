"""Proofs of what is printed and drawn."""
