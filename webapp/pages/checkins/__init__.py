"""Check-ins: a minute for each side to say how it goes. Every question can be skipped, and so can the whole."""
