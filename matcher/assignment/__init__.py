"""The bare assignment problem, rows, columns and prices: no people in it."""
