"""Programmes, people and markets for tests: made by hand, or drawn."""
