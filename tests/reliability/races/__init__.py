"""Acts that meet on one database, by threads and by real processes."""
