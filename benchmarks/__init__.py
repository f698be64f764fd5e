"""What docs/benchmarks/ reports: times as ratios to something measured in the same run."""
