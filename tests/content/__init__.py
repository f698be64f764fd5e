"""The data that pages show: sourced, dated, and not left to age."""
