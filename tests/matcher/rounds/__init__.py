"""Proofs of rounds, their certificates, and what a change costs."""
