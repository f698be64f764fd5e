"""Keys, encrypted fields and the chain: each guard shown to bite."""
