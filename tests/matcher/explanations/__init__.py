"""Proofs of what each voice says."""
