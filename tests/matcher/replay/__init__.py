"""Proofs of replays."""
