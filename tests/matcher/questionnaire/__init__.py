"""Proofs of questionnaires, answers and weights."""
