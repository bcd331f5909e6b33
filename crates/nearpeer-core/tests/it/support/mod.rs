//! What several tests use.

mod numbers;
pub(crate) mod worked;

pub(crate) use numbers::numbers;
