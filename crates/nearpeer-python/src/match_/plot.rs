//! `Match.plot`, and the numbers behind the charts, which Python draws.

use nearpeer::Options;
use nearpeer::tables::{network_table, supply_table};
use pyo3::prelude::*;

use super::PyMatch;
use crate::errors::raised;
use crate::interrupt;
use crate::results::PyResultTable;
use crate::whatif::Asked;

#[pymethods]
impl PyMatch {
    /// Charts of the match, by Altair: ``coverage``, ``scores``, ``supply`` and ``network``.
    ///
    /// ``pip install 'nearpeer[plot]'`` brings Altair.
    #[getter]
    fn plot<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let plots = slf.py().import("nearpeer._plot")?;
        plots.call_method1("Plot", (slf,))
    }

    /// Supply and demand, as `Assessment.supply` has them.
    fn _supply(&self, py: Python<'_>) -> PyResult<PyResultTable> {
        let Asked { made, .. } = self.asked(py)?;
        let options = Options::default();
        let stop = options.stop.clone();
        let assessment = interrupt::run(py, &stop, move || {
            let (roster, program) = &*made;
            program.assess_with(roster, &options)
        })?;
        Ok(supply_table(&assessment).into())
    }

    /// The pairs of a site, and who of it is in none.
    #[pyo3(signature = (site))]
    fn _network(&self, py: Python<'_>, site: Option<&str>) -> PyResult<PyResultTable> {
        let Asked { found, made } = self.asked(py)?;
        py.detach(|| network_table(&found, &made.0, site))
            .map(PyResultTable::from)
            .map_err(|error| raised(py, &error))
    }
}
