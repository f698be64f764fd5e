"""What a programme asks: its file, read and checked whole; answers as they are written; weights of the parts."""
