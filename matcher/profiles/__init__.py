"""Answers as the profile vector, column by named column, and what a fit learns of a roster."""
