//! Match students with peer mentors, to a proven optimum: tables in, a certified match out.

pub mod tables;

pub use nearpeer_core::*;
pub use tables::{Table, Tables};
