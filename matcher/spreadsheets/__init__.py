"""People from files: CSV or XLSX, of this engine or of another tool, every fault told in one pass."""
