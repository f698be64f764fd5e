"""The cards of up to three women, and her choice among them."""
