//! The command, for the script that comes with the package.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Run the command ``nearpeer``, and give its exit status.
///
/// Parameters
/// ----------
/// arguments : sequence of str
///     The first is the command's own name.
///
/// Returns
/// -------
/// int
#[pyfunction]
pub(crate) fn run_command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| nearpeer::cli::main(arguments))
}
