"""Supporters who are away: a break by one's own hand, what each woman is told of it, and who covers meanwhile."""
