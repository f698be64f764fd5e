"""How a woman may be reached: her record, and what follows from it."""
