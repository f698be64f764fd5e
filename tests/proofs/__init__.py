"""The figures of docs/proofs.md: each is printed by the code that proves it, never typed by hand."""
