"""What is sent in: forged, cut off, hidden, strange, late, or sent again."""
