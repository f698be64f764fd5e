"""Proofs of the packed roster."""
