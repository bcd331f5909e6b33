//! The Python module of nearpeer: converts, releases the GIL and maps errors; no logic of its own.
//!
//! The doc comments of what Python sees are what its `help` shows, so they are numpydoc, and the stub
//! `_nearpeer.pyi` repeats them word for word; `python/tests/test_package.py` holds the two together.

// Python's prompt `>>>` is no quotation.
#![allow(clippy::doc_lazy_continuation)]

mod arguments;
mod assess;
mod assign;
mod certificate;
mod claimed;
mod co_match;
mod command;
mod errors;
mod interrupt;
mod match_;
mod oneroster;
mod options;
mod pickle;
mod price_of_fairness;
mod program;
mod progress;
mod report;
mod results;
mod scores;
mod settings;
mod stream;
mod synth;
mod tables;
mod verify;
mod whatif;

use pyo3::prelude::*;

/// The compiled part of the package `nearpeer`. Nothing in it needs the GIL to be safe: its classes are frozen.
#[pymodule(gil_used = false)]
mod _nearpeer {
    #[pymodule_export]
    use crate::assess::PyAssessment;
    #[pymodule_export]
    use crate::assign::{assign_cells, read_scores};
    #[pymodule_export]
    use crate::certificate::{PyCertificate, PyLevelValue};
    #[pymodule_export]
    use crate::co_match::PyCoMatch;
    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::match_::PyMatch;
    #[pymodule_export]
    use crate::oneroster::{PyOneRoster, read_oneroster};
    #[pymodule_export]
    use crate::price_of_fairness::PyPriceOfFairness;
    #[pymodule_export]
    use crate::program::PyProgram;
    #[pymodule_export]
    use crate::progress::PyProgress;
    #[pymodule_export]
    use crate::results::PyResultTable;
    #[pymodule_export]
    use crate::synth::{PyDistrict, synth};
    #[pymodule_export]
    use crate::verify::{PyVerified, verify, verify_co_match};
    #[pymodule_export]
    use crate::whatif::{PyExplanation, PyPairExplanation};

    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
