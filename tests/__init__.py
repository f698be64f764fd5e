"""Everything that proves the product; the folders mirror the code."""
