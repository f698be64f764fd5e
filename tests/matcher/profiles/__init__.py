"""Proofs of the profile vector."""
