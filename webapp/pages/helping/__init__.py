"""The desk lets somebody back in who has lost her passphrase."""
