//! The engine behind `assign`: arrays that the package has checked in, chosen cells and proof out.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options, concat};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use nearpeer::{Assign, Assignment, Error, LoadRange, Options, Scores};
use numpy::{IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use crate::certificate::PyCertificate;
use crate::errors::raised;
use crate::interrupt;
use crate::options::{Given, How};
use crate::tables::batches;

/// Scores as they came: whole, or floats that the core rounds to micropoints.
enum Values {
    Whole(Vec<i64>),
    Points(Vec<f64>),
}

type Chosen<'py> = (
    Bound<'py, PyArray1<isize>>,
    Bound<'py, PyArray1<isize>>,
    (i64, i64, i64),
    &'static str,
    PyCertificate,
);

/// Choose cells; `nearpeer.assign` checks and prepares the arrays.
#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument an array; the package calls it"
)]
pub(crate) fn assign_cells<'py>(
    py: Python<'py>,
    shape: (usize, usize),
    cells: Option<(PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>)>,
    values: &Bound<'py, PyAny>,
    row_load: (PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>),
    col_load: (PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>),
    forbid: PyReadonlyArray2<'py, u32>,
    require: PyReadonlyArray2<'py, u32>,
    coverage_first: bool,
    maximize: bool,
    threads: Option<&Bound<'py, PyAny>>,
    time_limit: Option<&Bound<'py, PyAny>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    gap: Option<&Bound<'py, PyAny>>,
    progress: Option<&Bound<'py, PyAny>>,
    on_interrupt: &str,
) -> PyResult<Chosen<'py>> {
    let given = Given {
        threads,
        time_limit,
        memory_limit,
        gap,
        progress,
        on_interrupt,
    };
    let how = How::read(py, &given)?;
    let cells = cells.map(|(rows, columns)| Ok::<_, PyErr>((vector(&rows)?, vector(&columns)?)));
    let cells = cells.transpose()?;
    let values = Values::read(values, maximize)?;
    let task = Assign {
        row_loads: loads(&row_load)?,
        column_loads: loads(&col_load)?,
        forbid: pairs(&forbid),
        require: pairs(&require),
        coverage_first,
    };
    let found = interrupt::solve(py, how, move |options| {
        solve(shape, cells, values, &task, options)
    })?;
    let positions = |cells: Vec<u32>| {
        let cells: Vec<isize> = cells.into_iter().map(|cell| cell as isize).collect();
        cells.into_pyarray(py)
    };
    Ok((
        positions(found.rows),
        positions(found.columns),
        (found.objective, found.bound, found.gap),
        found.status.as_str(),
        found.certificate.into(),
    ))
}

fn solve(
    (rows, columns): (usize, usize),
    cells: Option<(Vec<u32>, Vec<u32>)>,
    values: Values,
    task: &Assign,
    options: &Options,
) -> Result<Assignment, Error> {
    let scores = match (cells, values) {
        (None, Values::Whole(values)) => Scores::dense_integers(rows, columns, &values),
        (None, Values::Points(values)) => Scores::dense(rows, columns, &values),
        (Some((at_row, at_column)), Values::Whole(values)) => {
            let cells = at_row.into_iter().zip(at_column).zip(values);
            Scores::sparse_integers(
                rows,
                columns,
                cells.map(|((row, column), v)| (row, column, v)),
            )
        }
        (Some((at_row, at_column)), Values::Points(values)) => {
            let cells = at_row.into_iter().zip(at_column).zip(values);
            Scores::sparse(
                rows,
                columns,
                cells.map(|((row, column), v)| (row, column, v)),
            )
        }
    }?;
    nearpeer::assign(&scores, task, options)
}

impl Values {
    /// The least score is the greatest of the negated ones.
    fn read(given: &Bound<'_, PyAny>, maximize: bool) -> PyResult<Self> {
        if let Ok(whole) = given.cast::<PyArray1<i64>>() {
            let mut values = vector(&whole.readonly())?;
            if !maximize {
                values
                    .iter_mut()
                    .for_each(|value| *value = value.saturating_neg());
            }
            return Ok(Self::Whole(values));
        }
        let points: PyReadonlyArray1<'_, f64> = given.extract()?;
        let mut values = vector(&points)?;
        if !maximize {
            values.iter_mut().for_each(|value| *value = -*value);
        }
        Ok(Self::Points(values))
    }
}

fn vector<T: numpy::Element + Copy>(array: &PyReadonlyArray1<'_, T>) -> PyResult<Vec<T>> {
    Ok(array.as_slice()?.to_vec())
}

fn loads(
    (low, high): &(PyReadonlyArray1<'_, u32>, PyReadonlyArray1<'_, u32>),
) -> PyResult<Vec<LoadRange>> {
    let ranges = low.as_slice()?.iter().zip(high.as_slice()?);
    Ok(ranges
        .map(|(&low, &high)| LoadRange { low, high })
        .collect())
}

fn pairs(cells: &PyReadonlyArray2<'_, u32>) -> Vec<(u32, u32)> {
    let cells = cells.as_array();
    cells
        .rows()
        .into_iter()
        .map(|cell| (cell[0], cell[1]))
        .collect()
}

/// Give the columns ``row``, ``col`` and ``score`` of a table as arrays.
#[pyfunction]
pub(crate) fn read_scores<'py>(
    py: Python<'py>,
    table: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let batches = batches("scores", table)?;
    let column = |name: &str| column(&batches, name).map_err(|error| raised(py, &error));
    let position = |name: &str| -> PyResult<Bound<'py, PyAny>> {
        let (cells, is_whole) = column(name)?;
        if is_whole {
            whole(py, name, &cells)
        } else {
            let message = "the numbers of rows and columns are whole numbers";
            Err(raised(
                py,
                &Error::input(message).in_table("scores").in_column(name),
            ))
        }
    };
    let (row, col) = (position("row")?, position("col")?);
    let (cells, is_whole) = column("score")?;
    let score = if is_whole {
        whole(py, "score", &cells)?
    } else {
        let cells =
            convert("score", &cells, &DataType::Float64).map_err(|error| raised(py, &error))?;
        cells
            .as_primitive::<Float64Type>()
            .values()
            .to_vec()
            .into_pyarray(py)
            .into_any()
    };
    Ok((row, col, score))
}

fn whole<'py>(py: Python<'py>, name: &str, cells: &ArrayRef) -> PyResult<Bound<'py, PyAny>> {
    let cells = convert(name, cells, &DataType::Int64).map_err(|error| raised(py, &error))?;
    let cells = cells.as_primitive::<Int64Type>().values().to_vec();
    Ok(cells.into_pyarray(py).into_any())
}

/// A column without gaps, and whether its type is one of whole numbers.
fn column(batches: &[RecordBatch], name: &str) -> Result<(ArrayRef, bool), Error> {
    let fault = |message: String| Error::input(message).in_table("scores").in_column(name);
    let parts: Option<Vec<&dyn Array>> = batches
        .iter()
        .map(|batch| batch.column_by_name(name).map(|cells| &**cells))
        .collect();
    let parts = parts.ok_or_else(|| {
        fault(
            "the column is missing; a table of scores has the columns row, col and score; \
             for a matrix pass .to_numpy()"
                .to_owned(),
        )
    })?;
    let cells = concat(&parts).map_err(|error| fault(error.to_string()))?;
    if let Some(gap) = (0..cells.len()).find(|position| cells.is_null(*position)) {
        return Err(fault("the cell is empty".to_owned()).in_row(gap + 1));
    }
    let is_whole = match cells.data_type() {
        kind if kind.is_integer() => true,
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => *scale <= 0,
        kind if kind.is_floating() => false,
        kind => {
            return Err(fault(format!(
                "not a column of numbers: its type is {kind}"
            )));
        }
    };
    Ok((cells, is_whole))
}

/// A number that does not fit is an error, never a gap.
fn convert(name: &str, cells: &ArrayRef, kind: &DataType) -> Result<ArrayRef, Error> {
    let strict = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(cells, kind, &strict).map_err(|error| {
        Error::input(error.to_string())
            .in_table("scores")
            .in_column(name)
    })
}
