"""The drill of mutants: `make mutation`; what it found is told in docs/mutation.md."""
