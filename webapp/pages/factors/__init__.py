"""The second locks of one's own account: one-time codes, passkeys, recovery codes."""
