//! HiGHS on a model that good_lp has built, so that a caller can stop it while it runs.
//!
//! good_lp's own `solve` cannot be interrupted; its model can, through HiGHS's callbacks. This is the one
//! place with `unsafe`.

use std::os::raw::{c_char, c_int, c_void};

use good_lp::solvers::highs::HighsProblem;
use highs::HighsModelStatus;
use highs_sys::{
    Highs_setCallback, Highs_startCallback, HighsCallbackDataIn, HighsCallbackDataOut,
    kHighsCallbackIpmInterrupt, kHighsCallbackMipInterrupt, kHighsCallbackSimplexInterrupt,
};

use super::model::failure;
use crate::error::Error;
use crate::interrupt::Interrupt;

/// Solves on one thread with no gap allowed.
///
/// # Errors
/// The interrupt's when it was time to stop, [`ErrorKind::Solver`](crate::ErrorKind::Solver) for anything
/// but an optimum.
pub(super) fn solve(
    problem: HighsProblem,
    interrupt: &Interrupt,
) -> Result<highs::Solution, Error> {
    let mut model = problem.try_into_inner().map_err(failure)?;
    model.try_set_option("threads", 1).map_err(refused)?;
    model.try_set_option("mip_rel_gap", 0.0).map_err(refused)?;
    model.try_set_option("mip_abs_gap", 0.0).map_err(refused)?;
    watch(&mut model, interrupt).map_err(refused)?;
    let solved = model
        .try_solve()
        .map_err(|status| failure(format!("HiGHS: {status:?}")))?;
    interrupt.check()?;
    match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Ok(solved.get_solution()),
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
