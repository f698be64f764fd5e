"""A supporter's break."""
