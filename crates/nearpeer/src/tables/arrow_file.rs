//! Arrow files and streams to record batches.

use std::fs::File;
use std::io::Read;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::root_as_footer;
use nearpeer_core::Error;

use super::file::unreadable;

/// What stands at both ends of an Arrow file; at the start padding follows.
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

/// The messages of a file: what lies between its magic and the end of the last block of its footer.
fn stream_of_file(all: &Buffer) -> Option<Buffer> {
    // Writers pad the magic to the alignment of their choice with zeros, which no message starts with.
    let start_of_messages = all[MAGIC.len()..].iter().position(|byte| *byte != 0)? + MAGIC.len();
    let before_magic = all.strip_suffix(MAGIC)?;
    let (before_length, length) = before_magic.split_last_chunk::<4>()?;
    let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
    let start = before_length.len().checked_sub(length)?;
    let footer = root_as_footer(&before_length[start..]).ok()?;
    let blocks = [footer.dictionaries(), footer.recordBatches()];
    let mut end = 0;
    for block in blocks.iter().flatten().flatten() {
        let parts = [
            usize::try_from(block.offset()).ok()?,
            usize::try_from(block.metaDataLength()).ok()?,
            usize::try_from(block.bodyLength()).ok()?,
        ];
        let block_end = parts.into_iter().try_fold(0_usize, usize::checked_add)?;
        end = end.max(block_end);
    }
    if end == 0 {
        // No block: the schema's message, which is all there is, is followed by the end of the stream.
        end = start;
    }
    let length = end.min(start).checked_sub(start_of_messages)?;
    Some(all.slice_with_length(start_of_messages, length))
}
