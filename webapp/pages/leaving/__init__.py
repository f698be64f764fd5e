"""The way out: one address that ends the visit and sends her to an ordinary page."""
