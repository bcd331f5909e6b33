//! Constraints beside the loads: what a programme limits or promises of the match as a whole.
//!
//! Each kind is a file: its keys in the programme's TOML and what is wrong with them, its [`Row`]s for the solve, its
//! [`Rule`]s for the checker, and its tests. A row is linear in the pairs, and in who is covered and who takes part;
//! from it the linear program gets its coefficients, pricing the term of the row's price, the certificate its
//! right-hand side, and messages their words. Nothing else in the crate knows one kind from another, so a new one is
//! a file here, a key in [`Program`], and a line in [`of_program`].

mod balance;
mod budget;
mod family;
mod property;
mod quota;
mod row;
mod standing;
mod words;

pub use balance::Balance;
pub(crate) use balance::{Share, in_decimals};
pub use budget::Budget;
pub use family::{Family, Keep};
pub use property::{Has, PairProperty};
pub use quota::Quota;
pub(crate) use row::{Row, Rule, Spot, missed, rows, rules};
pub(crate) use standing::standings;
pub use standing::{Counted, Numbers, Standing};

use crate::error::Error;
use crate::programme::Program;
use crate::roster::Roster;

/// One constraint of a programme.
pub(crate) trait Constraint {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key, which begins with `key`.
    fn validate(&self, key: &str) -> Result<(), Error>;

    /// Its name in reasons and messages.
    fn name(&self) -> &str;

    /// Whether no other of its kind may have the same name.
    fn is_unique(&self) -> bool {
        true
    }

    /// The rows that stand for it in the solve.
    ///
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) or [`ErrorKind::Input`](crate::ErrorKind::Input) naming what
    /// the roster lacks.
    fn rows(&self, key: &str, roster: &Roster, settings: &Program) -> Result<Vec<Row>, Error>;

    /// What the checker holds it to mean, written from the definition and from the roster's cells alone.
    fn rules<'a>(&'a self, roster: &'a Roster, settings: &'a Program) -> Vec<Rule<'a>>;

    /// What is allowed but hardly meant, in a sentence.
    fn note(&self, _roster: &Roster) -> Option<String> {
        None
    }

    /// The columns of one's own that it reads.
    fn columns(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// All constraints of a programme with their keys: `quotas[1]`, and so on.
pub(crate) fn of_program(settings: &Program) -> Vec<(String, &dyn Constraint)> {
    fn list<'a, C: Constraint>(
        key: &'static str,
        all: &'a [C],
    ) -> impl Iterator<Item = (String, &'a dyn Constraint)> {
        let numbered = (1..).zip(all);
        numbered.map(move |(number, one)| (format!("{key}[{number}]"), one as &dyn Constraint))
    }
    list("quotas", &settings.quotas)
        .chain(list("budgets", &settings.budgets))
        .chain(list("balance", &settings.balance))
        .chain(list("families", &settings.families))
        .collect()
}

/// The key of the first constraint, for messages about what constraints cannot be combined with.
pub(crate) fn first_key(settings: &Program) -> Option<String> {
    let all = of_program(settings);
    let (key, _) = all.first()?;
    key.split('[').next().map(str::to_owned)
}

/// Checks every constraint, and that no two of a kind have the same name.
///
/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key.
pub(crate) fn validate(settings: &Program) -> Result<(), Error> {
    let kind = |key: &str| key.split('[').next().map(str::to_owned);
    let all = of_program(settings);
    for (ix, (key, constraint)) in all.iter().enumerate() {
        let name = constraint.name();
        if name.trim().is_empty() {
            let message = "a constraint needs a name";
            return Err(Error::program(format!("{key}.name"), message));
        }
        let mut earlier = all[..ix].iter();
        let is_same = |other: &str, earlier: &dyn Constraint| {
            kind(other) == kind(key) && earlier.name() == name
        };
        if constraint.is_unique() && earlier.any(|(other, earlier)| is_same(other, *earlier)) {
            let message = format!("another of the same kind is named {name:?}");
            return Err(Error::program(format!("{key}.name"), message));
        }
        constraint.validate(key)?;
    }
    Ok(())
}
