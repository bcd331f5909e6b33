//! Tests through the public interface, in one binary: each that is linked takes seconds.

#[cfg(feature = "highs")]
mod constraints;
mod hard_scores;
mod limits;
#[cfg(feature = "highs")]
mod meetings;
#[cfg(feature = "highs")]
mod parts;
#[cfg(feature = "highs")]
mod quota_levels;
mod quotas;
#[cfg(feature = "highs")]
mod staffings;
mod support;
mod worked_examples;
mod worked_rules;
