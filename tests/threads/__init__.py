"""The staff and one woman or one supporter: words, and asking to be contacted soon."""
