"""Signing in and out, opening an account, and the list of one's own sign-ins."""
