"""Migrations up and down with rows in the tables."""
