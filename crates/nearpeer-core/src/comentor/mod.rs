//! Co-mentoring.
mod blossom;
