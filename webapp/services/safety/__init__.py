"""How a woman may be reached: her own record, what opens and closes it, and what is checked again when it changes."""
