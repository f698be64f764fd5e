"""What leaves the site: the gate, the letters, the ways out, the delivery."""
