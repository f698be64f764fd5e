"""The benchmarks say what is: their people are the same in every run, and what is compared comes to the same."""
