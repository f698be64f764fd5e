"""Three years of a programme, lived event by event through the real services; each day all promises are asked of it."""
