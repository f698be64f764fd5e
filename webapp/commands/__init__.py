"""The longer commands of an operator, one module each; cli.py lists them."""
