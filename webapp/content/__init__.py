"""What the site says that a programme may change or that must be checked by date: crisis lines, programme defaults."""
