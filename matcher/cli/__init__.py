"""One module a command of the command line; what they share of arguments and reading is in arguments.py."""
