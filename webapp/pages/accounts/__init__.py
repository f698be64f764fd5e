"""Accounts: signing in and out, opening, the passphrase, the ways back in, sign-ins, and closing."""
