"""Results on paper: JSON and CSV for programs, tables and pictures for people."""
