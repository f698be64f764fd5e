"""Proofs of bounds and of the pass over a roster."""
