//! HiGHS on a model that good_lp has built, so that a caller can stop it while it runs.
//!
//! good_lp's own `solve` cannot be interrupted; its model can, through HiGHS's callbacks. Nor can good_lp add
//! columns to a model that is solved, or start from a basis. This is the one place with `unsafe`.

use std::os::raw::{c_char, c_int, c_void};

use good_lp::solvers::highs::HighsProblem;
use highs::{HighsModelStatus, HighsSolutionStatus};
use highs_sys::{
    Highs_addCols, Highs_addRows, Highs_changeColCost, Highs_changeColsBoundsByRange,
    Highs_changeColsCostByRange, Highs_changeRowBounds, Highs_setBasis, Highs_setCallback,
    Highs_startCallback, HighsCallbackDataIn, HighsCallbackDataOut, HighsInt,
    kHighsBasisStatusBasic, kHighsBasisStatusLower, kHighsBasisStatusUpper,
    kHighsCallbackIpmInterrupt, kHighsCallbackMipInterrupt, kHighsCallbackSimplexInterrupt,
};

use super::model::failure;
use crate::error::Error;
use crate::interrupt::Interrupt;

/// Solves on one thread with no gap allowed.
///
/// # Errors
/// As [`solve_within`].
pub(super) fn solve(
    problem: HighsProblem,
    interrupt: &Interrupt,
) -> Result<highs::Solution, Error> {
    solve_within(problem, 0.0, interrupt)
}

/// [`solve`] without presolve.
///
/// # Errors
/// As [`solve_within`].
pub(super) fn solve_plainly(
    problem: HighsProblem,
    interrupt: &Interrupt,
) -> Result<highs::Solution, Error> {
    let mut model = problem.try_into_inner().map_err(failure)?;
    model.try_set_option("presolve", "off").map_err(refused)?;
    run(model, 0.0, interrupt)
}

/// Solves on one thread until the gap is no more than this part of the objective.
///
/// # Errors
/// The interrupt's when it was time to stop, [`ErrorKind::Solver`](crate::ErrorKind::Solver) for anything
/// but an optimum.
pub(super) fn solve_within(
    problem: HighsProblem,
    gap: f64,
    interrupt: &Interrupt,
) -> Result<highs::Solution, Error> {
    run(problem.try_into_inner().map_err(failure)?, gap, interrupt)
}

/// # Errors
/// As [`solve_within`].
fn run(model: highs::Model, gap: f64, interrupt: &Interrupt) -> Result<highs::Solution, Error> {
    let solved = begun(model, gap, interrupt)?;
    optimum(&solved, interrupt)?;
    Ok(solved.get_solution())
}

/// The model after its solve, however that ended.
fn begun(
    mut model: highs::Model,
    gap: f64,
    interrupt: &Interrupt,
) -> Result<highs::SolvedModel, Error> {
    model.try_set_option("threads", 1).map_err(refused)?;
    model.try_set_option("mip_rel_gap", gap).map_err(refused)?;
    model.try_set_option("mip_abs_gap", 0.0).map_err(refused)?;
    // Of 4,000 small programmes it took half of the time (docs/performance.md).
    let is_off = model.try_set_option("mip_heuristic_run_feasibility_jump", false);
    is_off.map_err(refused)?;
    watch(&mut model, interrupt).map_err(refused)?;
    model
        .try_solve()
        .map_err(|status| failure(format!("HiGHS: {status:?}")))
}

/// [`solve`] in no more than so many nodes: the best that was found, if anything was, even where it was time to stop.
///
/// # Errors
/// [`ErrorKind::Solver`](crate::ErrorKind::Solver) where HiGHS fails.
pub(super) fn solve_in_part(
    problem: HighsProblem,
    nodes: i32,
    interrupt: &Interrupt,
) -> Result<Option<highs::Solution>, Error> {
    let mut model = problem.try_into_inner().map_err(failure)?;
    model
        .try_set_option("mip_max_nodes", nodes)
        .map_err(refused)?;
    let solved = begun(model, 0.0, interrupt)?;
    let is_found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    Ok(is_found.then(|| solved.get_solution()))
}

/// The status of a column or row in a basis: out of it, at its lower bound.
pub(super) const AT_LOWER: HighsInt = kHighsBasisStatusLower;

/// Out of the basis, at its upper bound.
pub(super) const AT_UPPER: HighsInt = kHighsBasisStatusUpper;

/// In the basis.
pub(super) const BASIC: HighsInt = kHighsBasisStatusBasic;

/// A form of the simplex method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Simplex {
    /// From a basis that changes of bounds have left dual feasible.
    Dual,
    /// From a basis that new columns have left primal feasible.
    Primal,
}

/// A new column, from 0 to `upper`.
pub(super) struct Column {
    pub(super) cost: f64,
    pub(super) upper: f64,
    /// (row, coefficient)
    pub(super) entries: Vec<(usize, f64)>,
}

/// A linear program that is solved, changed, and solved again from its last basis by the primal simplex
/// method: new columns and new costs leave a basis primal feasible.
pub(super) struct Live {
    /// Always there, but while HiGHS runs.
    model: Option<highs::Model>,
    /// What the last solution is worth.
    value: f64,
}

impl Live {
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn new(problem: HighsProblem) -> Result<Self, Error> {
        let mut model = problem.try_into_inner().map_err(failure)?;
        model.try_set_option("threads", 1).map_err(refused)?;
        model.try_set_option("presolve", "off").map_err(refused)?;
        model.try_set_option("solver", "simplex").map_err(refused)?;
        // 4: primal.
        model
            .try_set_option("simplex_strategy", 4)
            .map_err(refused)?;
        Ok(Self {
            model: Some(model),
            value: 0.0,
        })
    }

    fn model(&mut self) -> Result<&mut highs::Model, Error> {
        let model = self.model.as_mut();
        model.ok_or_else(|| failure("HiGHS has lost its model"))
    }

    /// What the last solution is worth.
    pub(super) fn value(&self) -> f64 {
        self.value
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn rows(&mut self) -> Result<usize, Error> {
        Ok(self.model()?.num_rows())
    }

    /// Starts from a basis: a status a column and a row, as many [`BASIC`] as there are rows.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver) where the basis does not fit the model.
    pub(super) fn set_basis(
        &mut self,
        columns: &[HighsInt],
        rows: &[HighsInt],
    ) -> Result<(), Error> {
        let model = self.model()?;
        if (model.num_cols(), model.num_rows()) != (columns.len(), rows.len()) {
            return Err(failure("the basis does not fit the model"));
        }
        // SAFETY: the model owns a live HiGHS instance, which reads as many statuses as it has columns and
        // rows; that is how many there are.
        let status = unsafe { Highs_setBasis(model.as_mut_ptr(), columns.as_ptr(), rows.as_ptr()) };
        accepted(status, "a basis")
    }

    /// Adds columns, out of the basis.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn add_columns(&mut self, columns: &[Column]) -> Result<(), Error> {
        let rows = self.rows()?;
        let mut starts = Vec::with_capacity(columns.len());
        let (mut indices, mut values) = (Vec::new(), Vec::new());
        for column in columns {
            starts.push(whole(indices.len())?);
            for &(row, value) in &column.entries {
                if row >= rows {
                    return Err(failure("a column has an entry in a row that is not there"));
                }
                indices.push(whole(row)?);
                values.push(value);
            }
        }
        let zeros = vec![0.0; columns.len()];
        let costs: Vec<f64> = columns.iter().map(|column| column.cost).collect();
        let upper: Vec<f64> = columns.iter().map(|column| column.upper).collect();
        let (count, entries) = (whole(columns.len())?, whole(indices.len())?);
        // SAFETY: the model owns a live HiGHS instance. `costs`, `zeros`, `upper` and `starts` hold `count` items,
        // `indices` and `values` hold `entries`; each start is a position in them, each index a row that is
        // there. HiGHS copies them.
        let status = unsafe {
            Highs_addCols(
                self.model()?.as_mut_ptr(),
                count,
                costs.as_ptr(),
                zeros.as_ptr(),
                upper.as_ptr(),
                entries,
                starts.as_ptr(),
                indices.as_ptr(),
                values.as_ptr(),
            )
        };
        accepted(status, "new columns")
    }

    /// Adds rows, each of which lets at most so many of its columns be chosen.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn add_choices(&mut self, rows: &[Vec<usize>], most: f64) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let columns = self.model()?.num_cols();
        let mut starts = Vec::with_capacity(rows.len());
        let mut indices = Vec::new();
        for row in rows {
            starts.push(whole(indices.len())?);
            for &column in row {
                if column >= columns {
                    return Err(failure("a row has an entry in a column that is not there"));
                }
                indices.push(whole(column)?);
            }
        }
        let lower = vec![f64::NEG_INFINITY; rows.len()];
        let upper = vec![most; rows.len()];
        let values = vec![1.0; indices.len()];
        let (count, entries) = (whole(rows.len())?, whole(indices.len())?);
        // SAFETY: the model owns a live HiGHS instance. `lower`, `upper` and `starts` hold `count` items,
        // `indices` and `values` hold `entries`; each start is a position in them, each index a column that is
        // there. HiGHS copies them.
        let status = unsafe {
            Highs_addRows(
                self.model()?.as_mut_ptr(),
                count,
                lower.as_ptr(),
                upper.as_ptr(),
                entries,
                starts.as_ptr(),
                indices.as_ptr(),
                values.as_ptr(),
            )
        };
        accepted(status, "new rows")
    }

    /// Replaces the costs of the columns from `first` on.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn set_costs(&mut self, first: usize, costs: &[f64]) -> Result<(), Error> {
        let model = self.model()?;
        if model.num_cols() < first + costs.len() {
            return Err(failure("there are more costs than columns"));
        }
        if costs.is_empty() {
            return Ok(());
        }
        let (from, to) = (whole(first)?, whole(first + costs.len() - 1)?);
        // SAFETY: the model owns a live HiGHS instance, and there is a cost for each column in the range.
        let status =
            unsafe { Highs_changeColsCostByRange(model.as_mut_ptr(), from, to, costs.as_ptr()) };
        accepted(status, "costs")
    }

    /// Replaces the lower bound of a row that has no upper one.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn set_lower(&mut self, row: usize, lower: f64) -> Result<(), Error> {
        self.set_bounds(row, lower, f64::INFINITY)
    }

    /// Replaces both bounds of a row.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn set_bounds(&mut self, row: usize, lower: f64, upper: f64) -> Result<(), Error> {
        let row = whole(row)?;
        let model = self.model()?;
        // SAFETY: the model owns a live HiGHS instance, which refuses a row that is not there.
        let status = unsafe { Highs_changeRowBounds(model.as_mut_ptr(), row, lower, upper) };
        accepted(status, "the bound of a row")
    }

    /// Replaces the upper bound of a row that has no lower one.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn set_upper(&mut self, row: usize, upper: f64) -> Result<(), Error> {
        let row = whole(row)?;
        let model = self.model()?;
        // SAFETY: the model owns a live HiGHS instance, which refuses a row that is not there.
        let status =
            unsafe { Highs_changeRowBounds(model.as_mut_ptr(), row, f64::NEG_INFINITY, upper) };
        accepted(status, "the bound of a row")
    }

    /// Replaces the cost of one column.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn set_cost(&mut self, column: usize, cost: f64) -> Result<(), Error> {
        let column = whole(column)?;
        let model = self.model()?;
        // SAFETY: the model owns a live HiGHS instance, which refuses a column that is not there.
        let status = unsafe { Highs_changeColCost(model.as_mut_ptr(), column, cost) };
        accepted(status, "a cost")
    }

    /// Replaces the lower and upper bounds of the columns from `first` on.
    ///
    /// # Errors
    /// [`ErrorKind::Solver`](crate::ErrorKind::Solver).
    pub(super) fn set_column_bounds(
        &mut self,
        first: usize,
        bounds: &[(f64, f64)],
    ) -> Result<(), Error> {
        let model = self.model()?;
        if model.num_cols() < first + bounds.len() {
            return Err(failure("there are more bounds than columns"));
        }
        if bounds.is_empty() {
            return Ok(());
        }
        let (lower, upper): (Vec<f64>, Vec<f64>) = bounds.iter().copied().unzip();
        let (from, to) = (whole(first)?, whole(first + bounds.len() - 1)?);
        // SAFETY: the model owns a live HiGHS instance, and there are two bounds for each column in the range.
        let status = unsafe {
            Highs_changeColsBoundsByRange(
                model.as_mut_ptr(),
                from,
                to,
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        accepted(status, "bounds of columns")
    }

    /// [`solve`](Self::solve) by this form of the simplex method.
    ///
    /// # Errors
    /// As there.
    pub(super) fn solve_by(
        &mut self,
        by: Simplex,
        interrupt: &Interrupt,
    ) -> Result<highs::Solution, Error> {
        let strategy = match by {
            Simplex::Dual => 1,
            Simplex::Primal => 4,
        };
        let model = self.model()?;
        model
            .try_set_option("simplex_strategy", strategy)
            .map_err(refused)?;
        self.solve(interrupt)
    }

    /// # Errors
    /// The interrupt's when it was time to stop, [`ErrorKind::Solver`](crate::ErrorKind::Solver) for anything
    /// but an optimum.
    pub(super) fn solve(&mut self, interrupt: &Interrupt) -> Result<highs::Solution, Error> {
        let mut model = self
            .model
            .take()
            .ok_or_else(|| failure("HiGHS has lost its model"))?;
        watch(&mut model, interrupt).map_err(refused)?;
        let solved = model
            .try_solve()
            .map_err(|status| failure(format!("HiGHS: {status:?}")))?;
        let ended = optimum(&solved, interrupt);
        let solution = solved.get_solution();
        self.value = solved.objective_value();
        self.model = Some(solved.into());
        ended.map(|()| solution)
    }
}

fn whole(number: usize) -> Result<HighsInt, Error> {
    HighsInt::try_from(number).map_err(|_| failure("the linear program is too large for HiGHS"))
}

fn accepted(status: HighsInt, what: &str) -> Result<(), Error> {
    // HiGHS's statuses: -1 error, 0 fine, 1 warning.
    match status {
        ..0 => Err(failure(format!("HiGHS refuses {what}"))),
        _ => Ok(()),
    }
}

/// # Errors
/// As [`solve`].
fn optimum(solved: &highs::SolvedModel, interrupt: &Interrupt) -> Result<(), Error> {
    interrupt.check()?;
    match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Ok(()),
        status => Err(failure(format!("HiGHS ended with {status:?}"))),
    }
}

fn refused(status: impl std::fmt::Debug) -> Error {
    failure(format!("HiGHS refuses an option: {status:?}"))
}

/// Has HiGHS ask the interrupt now and then whether to go on. The interrupt must outlive the solve.
fn watch(model: &mut highs::Model, interrupt: &Interrupt) -> Result<(), c_int> {
    let data = std::ptr::from_ref(interrupt).cast_mut().cast::<c_void>();
    let kinds = [
        kHighsCallbackSimplexInterrupt,
        kHighsCallbackIpmInterrupt,
        kHighsCallbackMipInterrupt,
    ];
    // SAFETY: the model owns a live HiGHS instance. HiGHS keeps `data` and hands it to `ask` while it
    // solves, which ends before `solve` above returns and thus before the interrupt is gone.
    let statuses = unsafe {
        let highs = model.as_mut_ptr();
        let set = Highs_setCallback(highs, Some(ask), data);
        kinds
            .map(|kind| Highs_startCallback(highs, kind))
            .into_iter()
            .chain([set])
    };
    // HiGHS's statuses: -1 error, 0 fine, 1 warning.
    statuses
        .into_iter()
        .find(|status| *status < 0)
        .map_or(Ok(()), Err)
}

/// HiGHS's callback: sets `user_interrupt` when it is time to stop.
unsafe extern "C" fn ask(
    _kind: c_int,
    _message: *const c_char,
    _out: *const HighsCallbackDataOut,
    answer: *mut HighsCallbackDataIn,
    data: *mut c_void,
) {
    // SAFETY: `data` is the interrupt that `watch` registered, which is only read and is alive while HiGHS
    // runs; HiGHS passes either null or its own live struct for the answer.
    unsafe {
        let interrupt = &*data.cast_const().cast::<Interrupt>();
        if let Some(answer) = answer.as_mut() {
            answer.user_interrupt = c_int::from(interrupt.check().is_err());
        }
    }
}
