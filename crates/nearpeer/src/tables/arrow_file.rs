//! Arrow files and streams to record batches.

use std::fs::File;
use std::io::Read;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::ipc::reader::StreamDecoder;
use nearpeer_core::Error;

use super::file::unreadable;

/// What stands at both ends of an Arrow file; at the start two bytes of padding follow.
const MAGIC: &[u8] = b"ARROW1";

/// The longest file that is read: 4 GiB.
const MAX_BYTES: u64 = 4 << 30;

/// A file is a stream between a magic and a footer (Arrow specification, 'IPC file format'). Reading its
/// stream never takes more memory than the file says and has.
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
    let all = Buffer::from(bytes);
    let mut stream = if all.starts_with(MAGIC) {
        stream_of_file(&all).ok_or_else(|| damaged(&"its end is missing"))?
    } else {
        all
    };
    let mut decoder = StreamDecoder::new();
    let mut batches = Vec::new();
    while let Some(batch) = decoder
        .decode(&mut stream)
        .map_err(|error| damaged(&error))?
    {
        batches.push(batch);
    }
    decoder.finish().map_err(|error| damaged(&error))?;
    match decoder.schema() {
        Some(schema) if batches.is_empty() => batches.push(RecordBatch::new_empty(schema)),
        Some(_) => {}
        None => return Err(damaged(&"it has no schema")),
    }
    Ok(batches)
}

fn damaged(error: &dyn std::fmt::Display) -> Error {
    Error::input(format!("the Arrow file cannot be read: {error}"))
}

fn stream_of_file(all: &Buffer) -> Option<Buffer> {
    const START: usize = 8;
    let before_magic = all.strip_suffix(MAGIC)?;
    let (before_length, length) = before_magic.split_last_chunk::<4>()?;
    let footer = usize::try_from(i32::from_le_bytes(*length)).ok()?;
    let end = before_length.len().checked_sub(footer)?;
    let length = end.checked_sub(START)?;
    Some(all.slice_with_length(START, length))
}
