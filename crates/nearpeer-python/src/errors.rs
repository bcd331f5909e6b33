//! Errors of the core as the exceptions of `nearpeer/_errors.py`, with the place of the fault as attributes.

use nearpeer::tables::{conflict_table, repair_table};
use nearpeer::{Error, ErrorKind};
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError};
use pyo3::prelude::*;

use crate::certificate::PyCertificate;
use crate::results::PyResultTable;

mod exceptions {
    use pyo3::import_exception;

    import_exception!(nearpeer._errors, InfeasibleError);
    import_exception!(nearpeer._errors, InputError);
    import_exception!(nearpeer._errors, LimitError);
    import_exception!(nearpeer._errors, ProgramError);
    import_exception!(nearpeer._errors, SolverError);
    import_exception!(nearpeer._errors, VerificationError);
}

use exceptions::{
    InfeasibleError, InputError, LimitError, ProgramError, SolverError, VerificationError,
};

/// The exception for `error`.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let text = error.to_string();
    let exception = match error.kind() {
        ErrorKind::Input => InputError::new_err(text),
        ErrorKind::Program => ProgramError::new_err(text),
        ErrorKind::Infeasible => InfeasibleError::new_err(text),
        ErrorKind::Limit => LimitError::new_err(text),
        ErrorKind::Verification => VerificationError::new_err(text),
        ErrorKind::Interrupted => PyKeyboardInterrupt::new_err(text),
        ErrorKind::Io => PyOSError::new_err(text),
        _ => SolverError::new_err(text),
    };
    match describe(py, &exception, error) {
        Ok(()) => exception,
        Err(fault) => fault,
    }
}

/// A panic of the core, which is a fault of ours, never of the caller's.
pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> PyErr {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    SolverError::new_err(format!(
        "a fault in nearpeer itself, please report it: {said}"
    ))
}

fn describe(py: Python<'_>, exception: &PyErr, error: &Error) -> PyResult<()> {
    let value = exception.value(py);
    let place = error.place();
    match error.kind() {
        ErrorKind::Input | ErrorKind::Verification => {
            value.setattr("table", place.table.as_deref())?;
            value.setattr("row", place.row)?;
            value.setattr("column", place.column.as_deref())?;
            value.setattr("value", place.value.as_deref())
        }
        ErrorKind::Program => value.setattr("key", place.key.as_deref()),
        ErrorKind::Infeasible => {
            let conflict = error.conflict();
            let constraints =
                conflict.map(|conflict| PyResultTable::from(conflict_table(conflict)));
            value.setattr("conflict", constraints)?;
            let repairs = conflict.map(|conflict| PyResultTable::from(repair_table(conflict)));
            value.setattr("repair", repairs)?;
            let certificate = error.certificate().cloned().map(PyCertificate::from);
            value.setattr("certificate", certificate)
        }
        _ => Ok(()),
    }
}
