//! A programme from its file, with messages that name the file and stay short.

use std::io::{self, Read};
use std::path::Path;

use nearpeer_core::{Error, ErrorKind, Program};

use crate::short::shorten;
use crate::tables::{MAX_TEXT_BYTES as MAX_BYTES, read_text};

/// The longest key that a message shows, in characters.
const KEY_SHOWN: usize = 80;

/// The longest message that is shown, in characters; ours that list the known keys have up to about 200.
const MESSAGE_SHOWN: usize = 300;

/// Reads a programme's settings from a TOML file.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) where the file cannot be read,
/// [`ErrorKind::Input`](crate::ErrorKind::Input) where it is longer than 16 MiB or not UTF-8, both naming
/// the file; and as [`Program::from_toml`], with long text of the file shortened.
pub fn read_program(path: &Path) -> Result<Program, Error> {
    let text = read_text(path).map_err(|error| {
        let name = error.place().table.as_deref().unwrap_or_default();
        Error::new(
            error.kind(),
            format!("programme {name}: {}", error.message()),
        )
    })?;
    parse(&text)
}

/// Reads a programme's settings from TOML that comes through a pipe.
///
/// # Errors
/// As [`read_program`], and for no text at all.
pub fn read_program_from(input: impl Read) -> Result<Program, Error> {
    let bytes = limited(input).map_err(|error| {
        Error::new(
            ErrorKind::Io,
            format!("the programme cannot be read: {error}"),
        )
    })?;
    let bytes = bytes
        .ok_or_else(|| Error::input(format!("the programme is longer than {MAX_BYTES} bytes")))?;
    let text = String::from_utf8(bytes).map_err(|_| Error::input("the programme is not UTF-8"))?;
    if text.trim().is_empty() {
        // What should have written it has most likely failed.
        return Err(Error::input(
            "nothing came through the pipe; a programme has text, if only a comment",
        ));
    }
    parse(&text)
}

/// All there is, unless it is too long.
fn limited(input: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= MAX_BYTES))
}

fn parse(text: &str) -> Result<Program, Error> {
    Program::from_toml(text).map_err(|error| {
        let message = shorten(error.message(), MESSAGE_SHOWN);
        match &error.place().key {
            Some(key) => Error::program(shorten(key, KEY_SHOWN), message),
            None => Error::new(error.kind(), message),
        }
    })
}
