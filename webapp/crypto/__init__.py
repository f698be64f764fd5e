"""Keys, fields encrypted and bound to their row, and the chain that shows whether the audit was touched."""
