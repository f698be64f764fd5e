"""What the roster lacks: needs that nobody meets, gates that keep all out, and what one more supporter would bring."""
