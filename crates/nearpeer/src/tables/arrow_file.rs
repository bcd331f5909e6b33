//! Arrow files and streams to record batches. What the file says of its own lengths is compared with the
//! bytes that are there before any of them is read.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::error::ArrowError;
use arrow::ipc::convert::fb_to_schema;
use arrow::ipc::reader::{FileDecoder, StreamDecoder};
use arrow::ipc::{Block, root_as_footer};
use nearpeer_core::Error;

use super::file::unreadable;

/// What stands at both ends of an Arrow file (Arrow specification, 'IPC file format').
const MAGIC: &[u8] = b"ARROW1";

/// The longest file that is read: 4 GiB.
const MAX_BYTES: u64 = 4 << 30;

pub(super) fn read(file: File) -> Result<Vec<RecordBatch>, Error> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::input(format!(
            "the file is longer than {MAX_BYTES} bytes"
        )));
    }
    let bytes = Buffer::from(bytes);
    if bytes.starts_with(MAGIC) {
        file_batches(&bytes)
    } else {
        stream_batches(bytes)
    }
    .map_err(|error| Error::input(format!("the Arrow file cannot be read: {error}")))
}

/// The batches of a file, which its footer lists.
fn file_batches(bytes: &Buffer) -> Result<Vec<RecordBatch>, ArrowError> {
    let broken = |what: &str| ArrowError::ParseError(what.to_owned());
    let (body, length) = bytes
        .strip_suffix(MAGIC)
        .and_then(|rest| rest.split_last_chunk::<4>())
        .ok_or_else(|| broken("its end is missing"))?;
    let footer = usize::try_from(i32::from_le_bytes(*length))
        .ok()
        .and_then(|length| body.len().checked_sub(length))
        .and_then(|start| root_as_footer(&body[start..]).ok())
        .ok_or_else(|| broken("its footer is damaged"))?;
    let schema = footer
        .schema()
        .map(|schema| Arc::new(fb_to_schema(schema)))
        .ok_or_else(|| broken("it has no schema"))?;
    let data = |block: &Block| {
        range(block, bytes.len())
            .map(|(start, length)| bytes.slice_with_length(start, length))
            .ok_or_else(|| broken("a block lies outside of it"))
    };
    let mut decoder = FileDecoder::new(Arc::clone(&schema), footer.version());
    for block in footer.dictionaries().iter().flatten() {
        decoder.read_dictionary(block, &data(block)?)?;
    }
    let mut batches = Vec::new();
    for block in footer.recordBatches().iter().flatten() {
        batches.extend(decoder.read_record_batch(block, &data(block)?)?);
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

/// Start and length of a block, if it lies within so many bytes.
fn range(block: &Block, bytes: usize) -> Option<(usize, usize)> {
    let start = usize::try_from(block.offset()).ok()?;
    let metadata = usize::try_from(block.metaDataLength()).ok()?;
    let body = usize::try_from(block.bodyLength()).ok()?;
    let length = metadata.checked_add(body)?;
    (start.checked_add(length)? <= bytes).then_some((start, length))
}

fn stream_batches(mut bytes: Buffer) -> Result<Vec<RecordBatch>, ArrowError> {
    let mut decoder = StreamDecoder::new();
    let mut batches = Vec::new();
    while let Some(batch) = decoder.decode(&mut bytes)? {
        batches.push(batch);
    }
    decoder.finish()?;
    match decoder.schema() {
        Some(schema) if batches.is_empty() => batches.push(RecordBatch::new_empty(schema)),
        Some(_) => {}
        None => return Err(ArrowError::ParseError("it has no schema".to_owned())),
    }
    Ok(batches)
}
