"""One module per lifecycle, acting inside the one transaction that its caller opened. No flask, no forms."""
