"""Proofs of the engine: hand-made cases, properties, and the slow plain reading of its contract."""
