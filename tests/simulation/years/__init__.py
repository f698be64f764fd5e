"""Three years of a programme, lived event by event through the real services; every day all promises are asked of it."""
