//! From a path to record batches: which reader, and whether the file is what its ending says.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use arrow::array::RecordBatch;
use nearpeer_core::{Error, ErrorKind};

use super::{arrow_file, csv_file, parquet_file};

/// The endings that are read, for messages.
const ENDINGS: &str = ".csv, .parquet, .arrow, .feather and .ipc";

/// The longest text that is read at once.
pub(crate) const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Reads the file by its ending; the flag says whether its columns have types.
pub(super) fn read(path: &Path) -> Result<(Vec<RecordBatch>, bool), Error> {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    let reader = match ending.as_str() {
        "csv" => csv_file::read,
        "parquet" => parquet_file::read,
        "arrow" | "feather" | "ipc" => arrow_file::read,
        _ => {
            return Err(Error::input(format!(
                "the file's ending is not one that is read: {ENDINGS}"
            )));
        }
    };
    let mut file = open(path)?;
    let mut head = [0; 8];
    let length = fill(&mut file, &mut head).map_err(|error| unreadable(&error))?;
    check_kind(&ending, &head[..length])?;
    let file = open(path)?;
    // The decoders of binary formats are not ours; should one panic on a damaged file, it is still an error.
    let batches = catch_unwind(AssertUnwindSafe(|| reader(file)))
        .unwrap_or_else(|_| Err(Error::input("the file is damaged")))?;
    Ok((batches, ending != "csv"))
}

/// The file's name as messages show it.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().escape_debug().to_string(),
    )
}

/// A whole file of at most `limit` bytes.
pub(crate) fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    open(path)
        .and_then(|file| {
            file.take(limit + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| unreadable(&error))
        })
        .and_then(|_| {
            if bytes.len() as u64 > limit {
                Err(Error::input(format!(
                    "the file is longer than {limit} bytes"
                )))
            } else {
                Ok(())
            }
        })
        .map_err(|error| error.in_table(name(path)))?;
    Ok(bytes)
}

/// The text of a small file, such as a programme.
///
/// # Errors
/// [`ErrorKind::Io`] where the file cannot be read, [`ErrorKind::Input`] where it is longer than 16 MiB or
/// not UTF-8; the file's name is the table.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    String::from_utf8(read_limited(path, MAX_TEXT_BYTES)?)
        .map_err(|_| Error::input("the text is not UTF-8").in_table(name(path)))
}

fn open(path: &Path) -> Result<File, Error> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Error::new(ErrorKind::Io, "this is a folder, not a file"));
    }
    Ok(file)
}

pub(crate) fn unreadable(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("the file cannot be read: {error}"))
}

fn fill(file: &mut File, head: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < head.len() {
        match file.read(&mut head[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

/// Looks at the first bytes, so that a file under a wrong ending gets a message that helps.
fn check_kind(ending: &str, head: &[u8]) -> Result<(), Error> {
    if head.is_empty() {
        return Err(Error::input("the file is empty"));
    }
    let kind = kind(head);
    let expected = match ending {
        "csv" => "text",
        "parquet" => "Parquet",
        _ => "Arrow",
    };
    if kind == expected {
        return Ok(());
    }
    let name = if ending == "csv" { "CSV" } else { expected };
    Err(Error::input(match kind {
        "text" => format!("the file is not {name}, as its ending says; it looks like text"),
        "UTF-16" => "the file is UTF-16 text; save it as CSV in UTF-8".to_owned(),
        kind => format!("the file is not {name}, as its ending says; it looks like {kind}"),
    }))
}

/// What the first bytes say. Sources: the specifications of Parquet and Arrow, and the list of file
/// signatures of `file(1)`.
fn kind(head: &[u8]) -> &'static str {
    const KINDS: [(&[u8], &str); 10] = [
        (b"PAR1", "Parquet"),
        (b"ARROW1", "Arrow"),
        (b"\xff\xff\xff\xff", "Arrow"),
        (b"FEA1", "Feather version 1; save it as version 2"),
        (b"PK", "a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"%PDF", "a PDF document"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ];
    KINDS
        .iter()
        .find(|(start, _)| head.starts_with(start))
        .map_or_else(
            || {
                if head.contains(&0) {
                    "binary data"
                } else {
                    "text"
                }
            },
            |(_, kind)| kind,
        )
}
