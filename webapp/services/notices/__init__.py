"""What leaves the site: a gate that decides, channels that send what it let through, and the delivery between."""
