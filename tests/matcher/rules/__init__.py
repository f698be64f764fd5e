"""Proofs of the rules of a pair."""
