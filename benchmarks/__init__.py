"""What docs/benchmarks.md reports: times as ratios to something measured in the same run."""
