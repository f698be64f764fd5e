"""Her own page with the coordinators: what was written, a word to them, and "please contact me soon"."""
