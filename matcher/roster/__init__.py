"""All supporters packed, column by column, and kept up to date one by one."""
