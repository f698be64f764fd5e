"""What fails under the site: a locked or full disk, no database, a killed process; and what still answers."""
