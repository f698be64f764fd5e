"""Accounts, sign-ins, links and ways back: what begins them, and what ends them."""
