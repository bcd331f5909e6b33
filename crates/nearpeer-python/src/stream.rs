//! Reads an Arrow C stream as the specification has it, and as Polars exports columns of nothing but nulls.

use std::ffi::{CStr, c_int};
use std::sync::Arc;

use arrow::array::{RecordBatch, StructArray};
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow::ffi_stream::FFI_ArrowArrayStream;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

/// The batches of an object with `__arrow_c_stream__`. An empty stream has no batches, but it has columns:
/// they are kept as a batch of no rows.
pub(crate) fn stream_batches(given: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let capsule = given.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast_into::<PyCapsule>()?;
    let pointer = capsule
        .pointer_checked(Some(c"arrow_array_stream"))?
        .cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a valid stream; it is moved out, and marked as released there.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
    read(stream).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn read(mut stream: FFI_ArrowArrayStream) -> Result<Vec<RecordBatch>, ArrowError> {
    let calls = (stream.get_schema, stream.get_next, stream.release);
    let (Some(get_schema), Some(get_next), Some(_)) = calls else {
        return Err(ArrowError::CDataInterface(
            "the stream is already read".to_owned(),
        ));
    };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: both point to what lives through the call, and the producer fills `schema`.
    let code = unsafe { get_schema(&raw mut stream, &raw mut schema) };
    check(&mut stream, code)?;
    let kind = DataType::try_from(&schema)?;
    let DataType::Struct(fields) = &kind else {
        return Err(ArrowError::SchemaError(format!(
            "a table has columns, and this is a stream of {kind}"
        )));
    };
    let schema = Arc::new(Schema::new(fields.clone()));
    let mut batches = Vec::new();
    loop {
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: as above.
        let code = unsafe { get_next(&raw mut stream, &raw mut array) };
        check(&mut stream, code)?;
        if array.release.is_none() {
            break;
        }
        // SAFETY: the producer says that the array is of the stream's type.
        let data = unsafe {
            mend(&mut array, &kind);
            from_ffi_and_data_type(array, kind.clone())
        }?;
        let (_, columns, nulls) = StructArray::from(data).into_parts();
        if nulls.is_some_and(|nulls| nulls.null_count() > 0) {
            return Err(ArrowError::CDataInterface(
                "a row is null as a whole".to_owned(),
            ));
        }
        batches.push(RecordBatch::try_new(schema.clone(), columns)?);
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

/// Polars gives an array of nulls the buffer of a bitmap that the specification says it does not have.
///
/// # Safety
/// `array` must be a valid array of the type `kind`.
unsafe fn mend(array: &mut FFI_ArrowArray, kind: &DataType) {
    match kind {
        DataType::Null => array.n_buffers = 0,
        DataType::Struct(fields) => {
            for (place, field) in fields.iter().enumerate() {
                // SAFETY: a valid struct has a valid child for each field.
                unsafe { mend_child(array, place, field.data_type()) };
            }
        }
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            // SAFETY: a valid list has one valid child.
            unsafe { mend_child(array, 0, field.data_type()) };
        }
        _ => {}
    }
}

/// # Safety
/// As of [`mend`]: the child at `place`, if there is one, must be valid and of the type `kind`.
unsafe fn mend_child(array: &mut FFI_ArrowArray, place: usize, kind: &DataType) {
    if (place as i64) < array.n_children {
        // SAFETY: the array has this many children, and they are its own.
        unsafe { mend(&mut **array.children.add(place), kind) };
    }
}

/// The producer's own words for what failed.
fn check(stream: &mut FFI_ArrowArrayStream, code: c_int) -> Result<(), ArrowError> {
    if code == 0 {
        return Ok(());
    }
    let words = stream.get_last_error.and_then(|get_last_error| {
        // SAFETY: after a failure the producer gives null, or a text that lives until the next call.
        let text = unsafe { get_last_error(stream) };
        if text.is_null() {
            return None;
        }
        // SAFETY: the text ends with a zero, and nothing is called before it is copied.
        let text = unsafe { CStr::from_ptr(text) };
        Some(text.to_string_lossy().into_owned())
    });
    Err(ArrowError::CDataInterface(words.unwrap_or_else(|| {
        format!("the table's stream failed with the code {code}")
    })))
}
