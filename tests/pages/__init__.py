"""The pages, as a person meets them."""
