"""What is sent back: headers, refusals, addresses to go on to."""
