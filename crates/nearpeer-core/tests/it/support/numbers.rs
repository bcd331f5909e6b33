//! Numbers for tests, and for the benchmarks.

/// Draws numbers below what it is asked for, the same every time (Knuth's MMIX generator).
pub(crate) fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}
