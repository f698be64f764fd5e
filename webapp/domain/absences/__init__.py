"""What rules there are while a supporter is away."""
