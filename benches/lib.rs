//! Instances that the benchmarks share.
