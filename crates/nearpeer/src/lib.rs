//! Match students with peer mentors, to a proven optimum: tables in, a certified match out.
//!
//! People come from tables ([`Tables`]: CSV, Parquet, Arrow) or one by one ([`Roster::builder`]); a
//! [`Program`] says who may be paired and what makes a good pair; [`Program::solve`] gives the best
//! [`Match`] with a [`Certificate`] that anybody can check.
//!
//! ```
//! use nearpeer::{Grade, Person, Program, Roster, Status};
//!
//! let grade = |number| Grade::new(number).expect("a grade");
//! let roster = Roster::builder()
//!     .mentee(Person::new("ana").grade(grade(6)).interests(["chess", "art"]))
//!     .mentee(Person::new("bo").grade(grade(7)).interests(["football"]))
//!     .mentor(Person::new("max").grade(grade(9)).interests(["football", "chess"]))
//!     .mentor(Person::new("zoe").grade(grade(10)).interests(["art"]))
//!     .build()?;
//!
//! let answer = Program::default().solve(&roster)?;
//! assert_eq!(answer.covered(), 2);
//! assert_eq!(answer.certificate.status, Status::Optimal);
//! assert_eq!(answer.certificate.gap, 0);
//! # Ok::<(), nearpeer::Error>(())
//! ```
//!
//! From files to files:
//!
//! ```no_run
//! use std::path::Path;
//!
//! use nearpeer::{Program, Table, Tables, answer};
//!
//! let tables = Tables::new(
//!     Table::read("mentees", Path::new("mentees.csv"))?,
//!     Table::read("mentors", Path::new("mentors.parquet"))?,
//! );
//! let program = Program::default();
//! let roster = tables.roster()?;
//! let found = program.solve(&roster)?;
//! answer::save(&found, Path::new("out"))?;
//!
//! // Anybody with the same tables can prove it again.
//! let (pairs, certificate) = answer::read_answer(Path::new("out"))?;
//! nearpeer::verify(&roster, &program, &pairs, &certificate)?;
//! # Ok::<(), nearpeer::Error>(())
//! ```

// The command is written as a user of this crate.
#[cfg(feature = "cli")]
extern crate self as nearpeer;

pub mod answer;
pub mod assessment;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod district;
pub mod document;
mod drafts;
pub mod notebook;
pub mod oneroster;
mod program_file;
pub mod report;
mod short;
pub mod starter;
pub mod tables;

pub use drafts::exit_without_drafts;
pub use nearpeer_core::*;
pub use program_file::{read_program, read_program_from};
pub use tables::{PairTables, StudentTables, Table, Tables};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;

/// The guide's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/how-to/rust.md")]
pub struct ServicesInRust;
