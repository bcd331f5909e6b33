//! Scores in NumPy's arrays, which the core reads in place while Python goes on.

use nearpeer::{Error, Index, Number, Scores};
use numpy::ndarray::{ArrayView1, ArrayView2};
use numpy::{Element, PyArray1, PyArray2, PyArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// Arrays of scores, held until the work on them is done, on whatever thread that is: after Ctrl-C it may go on
/// for a while. Nobody may write to them during that time.
pub(crate) struct Given {
    read: Box<dyn Fn() -> Result<Scores<'static>, Error> + Send + Sync>,
    /// Own the memory that `read` has views of.
    _arrays: Vec<Py<PyAny>>,
}

/// Calls a function with the array as one of the types that scores can have.
macro_rules! by_type {
    ($array:expr, $dimensions:ident, $typed:ident => $result:expr) => {
        by_type!($array, $dimensions, $typed => $result,
            f64, f32, i64, i32, i16, i8, u64, u32, u16, u8)
    };
    ($array:expr, $dimensions:ident, $typed:ident => $result:expr, $($kind:ty),*) => {
        $(if let Ok($typed) = $array.cast::<$dimensions<$kind>>() {
            return $result;
        })*
    };
}

impl Given {
    /// An aligned array of two dimensions, of any order and strides.
    pub(crate) fn array(values: &Bound<'_, PyAny>) -> PyResult<Self> {
        by_type!(values, PyArray2, values => Ok(Self::dense(values)));
        Err(no_scores(values))
    }

    /// The parts of a sparse array in compressed rows, each in one piece.
    pub(crate) fn compressed_rows(
        shape: (usize, usize),
        starts: &Bound<'_, PyAny>,
        columns: &Bound<'_, PyAny>,
        values: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        if let (Ok(starts), Ok(columns)) = (starts.cast(), columns.cast()) {
            by_type!(values, PyArray1, values => Self::sparse::<i32, _>(shape, starts, columns, values));
        }
        if let (Ok(starts), Ok(columns)) = (starts.cast(), columns.cast()) {
            by_type!(values, PyArray1, values => Self::sparse::<i64, _>(shape, starts, columns, values));
        }
        Err(no_scores(values))
    }

    /// Checks the scores.
    pub(crate) fn read(&self) -> Result<Scores<'_>, Error> {
        (self.read)()
    }

    fn dense<T: Number + Element>(values: &Bound<'_, PyArray2<T>>) -> Self {
        // SAFETY: `_arrays` owns the memory, and no view leaves with a longer life than `self` has.
        let view: ArrayView2<'static, T> = unsafe { values.as_raw_array().deref_into_view() };
        Self {
            read: Box::new(move || Scores::array(view)),
            _arrays: vec![values.clone().into_any().unbind()],
        }
    }

    fn sparse<I: Index + Element, T: Number + Element>(
        (rows, columns): (usize, usize),
        starts: &Bound<'_, PyArray1<I>>,
        at_column: &Bound<'_, PyArray1<I>>,
        values: &Bound<'_, PyArray1<T>>,
    ) -> PyResult<Self> {
        // SAFETY: as in `dense`.
        let parts = unsafe { (in_place(starts)?, in_place(at_column)?, in_place(values)?) };
        Ok(Self {
            read: Box::new(move || {
                Scores::compressed_rows(rows, columns, parts.0, parts.1, parts.2)
            }),
            _arrays: vec![
                starts.clone().into_any().unbind(),
                at_column.clone().into_any().unbind(),
                values.clone().into_any().unbind(),
            ],
        })
    }
}

/// The memory of an array in one piece.
///
/// # Safety
/// The array must outlive the slice.
unsafe fn in_place<T: Element>(array: &Bound<'_, PyArray1<T>>) -> PyResult<&'static [T]> {
    // SAFETY: the caller's promise.
    let view: ArrayView1<'static, T> = unsafe { array.as_raw_array().deref_into_view() };
    view.to_slice()
        .ok_or_else(|| PyValueError::new_err("the array is not in one piece"))
}

fn no_scores(values: &Bound<'_, PyAny>) -> PyErr {
    let kind = values.get_type();
    PyTypeError::new_err(format!("not an array of scores: {kind}"))
}
