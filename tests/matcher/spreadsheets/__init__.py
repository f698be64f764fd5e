"""Proofs of reading people from files."""
