"""Codes of an app, recovery codes and passkeys: the second step of a sign-in."""
