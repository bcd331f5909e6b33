//! A pass over many rows that can be left in the middle.

use std::sync::OnceLock;

use super::Interrupt;
use crate::error::Error;

/// Rows between two looks at the interrupt: a look takes as long as a few pairs, a row can be one pair.
const STRIDE: usize = 32;

/// A pass over rows by any number of threads, each of which asks before every row whether to go on.
///
/// ```text
/// let walk = interrupt.walk(Phase::Pricing, rows);
/// (0..rows).into_par_iter().filter(|row| walk.goes_on(*row)).for_each(...);
/// walk.end()?; // what the pass found is whole only after this
/// ```
pub(crate) struct Walk<'i> {
    interrupt: &'i Interrupt,
    left: OnceLock<Error>,
}

impl<'i> Walk<'i> {
    pub(super) fn new(interrupt: &'i Interrupt) -> Self {
        Self {
            interrupt,
            left: OnceLock::new(),
        }
    }

    /// Whether to go on with `row`; once not, never again.
    pub(crate) fn goes_on(&self, row: usize) -> bool {
        if row.is_multiple_of(STRIDE) {
            self.interrupt.advance(STRIDE);
            if let Err(error) = self.interrupt.check() {
                // Another thread may have left for the same reason.
                let _ = self.left.set(error);
            }
        }
        self.left.get().is_none()
    }

    /// Counts rows as done, in a pass that does not ask row by row.
    pub(crate) fn advance(&self, rows: usize) {
        self.interrupt.advance(rows);
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// The interrupt's, if rows were left out.
    pub(crate) fn end(self) -> Result<(), Error> {
        self.left.into_inner().map_or(Ok(()), Err)
    }
}
