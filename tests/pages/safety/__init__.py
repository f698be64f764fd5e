"""Pages of concerns, of pairs that rest, and of files that are closed to somebody at the desk."""
