//! What fairness costs.

use nearpeer::PriceOfFairness;
use pyo3::prelude::*;

/// What fairness costs, in micropoints.
///
/// Two matches are compared: the match itself, and the best one without the level of fairness,
/// which is equally good in the levels above, or without ``balance``. Its pairs are in the
/// certificate.
#[pyclass(name = "PriceOfFairness", module = "nearpeer", frozen, eq, get_all)]
#[derive(Clone, PartialEq)]
pub(crate) struct PyPriceOfFairness {
    /// The total score of the match.
    score: i64,
    /// The total score of the best match without it.
    without: i64,
    /// ``without - score``.
    price: i64,
    /// How many mentees the match covers.
    covered: usize,
    /// How many mentees the best match without it covers.
    covered_without: usize,
}

#[pymethods]
impl PyPriceOfFairness {
    fn __repr__(&self) -> String {
        format!(
            "PriceOfFairness(score={}, without={}, price={}, covered={}, covered_without={})",
            self.score, self.without, self.price, self.covered, self.covered_without
        )
    }
}

impl From<PriceOfFairness> for PyPriceOfFairness {
    fn from(cost: PriceOfFairness) -> Self {
        Self {
            score: cost.with.0,
            without: cost.without.0,
            price: cost.price().0,
            covered: cost.covered,
            covered_without: cost.covered_without,
        }
    }
}
