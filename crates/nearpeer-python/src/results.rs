//! A table of results: exports an Arrow stream, and turns into the frame the caller uses.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arrow::util::display::array_value_to_string;
use nearpeer::words::counted;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyIterator, PyList};
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};

/// How many rows a repr shows.
const SHOWN: usize = 10;

/// The longest cell that a repr shows whole, in characters.
const WIDEST: usize = 40;

/// A table of results, which any Arrow library reads through ``__arrow_c_stream__``.
///
/// ``table["column"]`` gives a column as a list. ``len(table)`` is the number of rows, and
/// iteration goes over the rows, each a dictionary; ``column_names`` has the names.
///
/// Examples
/// --------
/// >>> import nearpeer as npr
/// >>> import pyarrow as pa
/// >>> mentees = pa.table({"id": ["ana"], "grade": [6]})
/// >>> mentors = pa.table({"id": ["max"], "grade": [9]})
/// >>> match = npr.Program().match(mentees, mentors)
/// >>> [(pair["mentee_id"], pair["mentor_id"]) for pair in match.pairs]
/// [('ana', 'max')]
#[pyclass(name = "Table", module = "nearpeer", frozen, eq)]
#[derive(PartialEq)]
pub(crate) struct PyResultTable(RecordBatch);

impl From<RecordBatch> for PyResultTable {
    fn from(batch: RecordBatch) -> Self {
        Self(batch)
    }
}

/// What `pickle` makes a table of again.
type Reduced<'py> = (Bound<'py, PyAny>, (Bound<'py, PyBytes>,));

#[pymethods]
impl PyResultTable {
    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let schema = self.0.schema();
        schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    /// The numbers of rows and columns.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.0.num_rows(), self.0.num_columns())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let rows: Arc<dyn Array> = Arc::new(StructArray::from(self.0.clone()));
        let field = Field::new_struct("", self.0.schema().fields().clone(), false);
        let reader = ArrayIterator::new([Ok(rows)].into_iter(), field.into());
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }

    /// Give a `pyarrow.Table`; needs pyarrow.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// Give a `pandas.DataFrame`; needs pandas and pyarrow.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// Give a `polars.DataFrame`; needs Polars.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// Give one dictionary a row; needs nothing else.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let rows: Vec<_> = (0..self.0.num_rows()).map(|_| PyDict::new(py)).collect();
        for name in self.column_names() {
            for (row, cell) in rows.iter().zip(self.column(py, &name)?.iter()) {
                row.set_item(&name, cell)?;
            }
        }
        Ok(rows)
    }

    /// Read what `pickle` wrote.
    #[staticmethod]
    fn _from_pickle(stream: &[u8]) -> PyResult<Self> {
        let fault = |error: ArrowError| PyValueError::new_err(error.to_string());
        let mut batches = StreamReader::try_new(stream, None).map_err(fault)?;
        let batch = batches
            .next()
            .ok_or_else(|| PyValueError::new_err("no table"))?;
        batch.map(Self).map_err(fault)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        let batch = &slf.get().0;
        let write = || -> Result<Vec<u8>, ArrowError> {
            let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
            writer.write(batch)?;
            writer.into_inner()
        };
        let bytes = write().map_err(|error| PyValueError::new_err(error.to_string()))?;
        let bytes = PyBytes::new(slf.py(), &bytes);
        Ok((slf.get_type().getattr("_from_pickle")?, (bytes,)))
    }

    fn __getitem__<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Bound<'py, PyList>> {
        self.column(py, column)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        PyList::new(py, self.to_dicts(py)?)?.try_iter()
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __repr__(&self) -> PyResult<String> {
        self.text()
            .map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

impl PyResultTable {
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let cells = self
            .0
            .column_by_name(name)
            .ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        match cells.data_type() {
            DataType::Utf8 => PyList::new(py, cells.as_string::<i32>().iter().collect::<Vec<_>>()),
            DataType::Float64 => {
                let cells = cells.as_primitive::<Float64Type>();
                PyList::new(py, cells.iter().collect::<Vec<_>>())
            }
            DataType::Int64 => {
                let cells = cells.as_primitive::<Int64Type>();
                PyList::new(py, cells.iter().collect::<Vec<_>>())
            }
            DataType::Boolean => PyList::new(py, cells.as_boolean().iter().collect::<Vec<_>>()),
            DataType::LargeList(item) if *item.data_type() == DataType::LargeUtf8 => {
                let cells = cells.as_list::<i64>().iter();
                let lists = cells.map(|cell| {
                    cell.map(|items| PyList::new(py, items.as_string::<i64>()))
                        .transpose()
                });
                PyList::new(py, lists.collect::<PyResult<Vec<_>>>()?)
            }
            other => Err(PyValueError::new_err(format!(
                "no Python values of the type {other}"
            ))),
        }
    }

    /// The first rows in columns.
    fn text(&self) -> Result<String, ArrowError> {
        let shown = self.0.num_rows().min(SHOWN);
        let mut lines = vec![String::new(); shown + 1];
        for (field, cells) in self.0.schema().fields().iter().zip(self.0.columns()) {
            let mut column = vec![field.name().clone()];
            for row in 0..shown {
                column.push(array_value_to_string(cells, row)?);
            }
            let column: Vec<String> = column.iter().map(|cell| shorten(cell)).collect();
            let width = column
                .iter()
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0);
            for (line, cell) in lines.iter_mut().zip(&column) {
                line.push_str(&format!("  {cell:<width$}"));
            }
        }
        let (rows, columns) = self.shape();
        let mut text = format!(
            "<Table: {}, {}>",
            counted(rows, "row"),
            counted(columns, "column")
        );
        for line in lines {
            text.push('\n');
            text.push_str(line.trim_end());
        }
        if shown < rows {
            text.push_str("\n  ...");
        }
        Ok(text)
    }
}

fn shorten(cell: &str) -> String {
    let line: String = cell
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match line.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
