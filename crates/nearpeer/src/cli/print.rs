//! Printing: a reader that has gone is no fault, and control characters of input do not reach a terminal.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use nearpeer::{Conflict, Error, ErrorKind};
use nearpeer_core::words::printable;

use super::Exit;

/// Prints a line for people.
pub(super) fn line(text: &impl Display) {
    write(&printable(&text.to_string()));
}

/// Prints a JSON object on a line.
pub(super) fn json(object: &serde_json::Value) {
    write(&object.to_string());
}

/// Constraints, repairs and the changes of one that are printed; JSON has all.
const SHOWN: usize = 20;

/// How the first line of a fault begins.
const ERROR: &str = "error:";

/// What it begins with is in colour where that is a terminal's, unless `NO_COLOR` is set.
const RED: Style = AnsiColor::Red.on_default().bold();

/// Prints what went wrong, on standard error.
pub(super) fn fault(error: &Error) {
    let lines = match error.conflict() {
        Some(conflict) => of_conflict(conflict),
        None => vec![format!("error: {error}")],
    };
    for line in lines {
        let line = printable(&line);
        let mut err = anstream::AutoStream::auto(io::stderr().lock());
        // There is nowhere left to complain to.
        let _ = match line.strip_prefix(ERROR) {
            Some(rest) => writeln!(err, "{RED}{ERROR}{RED:#}{rest}"),
            None => writeln!(err, "{line}"),
        };
    }
}

/// Prints help, or what is wrong with the arguments.
pub(super) fn usage(said: &clap::Error) -> Exit {
    // There is nowhere left to complain to.
    let _ = said.print();
    if said.use_stderr() {
        Exit::Fault
    } else {
        Exit::Done
    }
}

/// A conflict, a constraint and a repair a line.
fn of_conflict(conflict: &Conflict) -> Vec<String> {
    let lead = match conflict.constraints.len() {
        1 => "this cannot be kept",
        _ => "these cannot all be kept",
    };
    let mut lines = vec![format!(
        "error: no match satisfies every constraint; {lead}:"
    )];
    let constraints = conflict.constraints.iter();
    lines.extend(constraints.take(SHOWN).map(|of| format!("  - {of}")));
    lines.extend(more(conflict.constraints.len()));
    lines.extend(conflict.notes.iter().map(|note| format!("  ({note})")));
    if !conflict.irreducible {
        lines.push("(a limit came before it was known whether fewer of them conflict)".to_owned());
    }
    if !conflict.repairs.is_empty() {
        lines.push("to repair it, one of these:".to_owned());
    }
    for repair in conflict.repairs.iter().take(SHOWN) {
        let mut changes: Vec<&str> = repair.changes.iter().map(|of| &*of.what).collect();
        let count = changes.len();
        changes.truncate(SHOWN);
        lines.push(format!("  - {}", changes.join(" and ")));
        lines.extend(more(count));
    }
    lines
}

/// How many there are beyond those shown.
fn more(count: usize) -> Option<String> {
    let more = count.checked_sub(SHOWN).filter(|more| *more > 0)?;
    Some(format!("    and {more} more"))
}

/// Prints text of several lines as it is.
pub(super) fn text(text: &[u8]) {
    let mut out = io::stdout().lock();
    keep(out.write_all(text).and_then(|()| out.flush()));
}

fn write(line: &str) {
    let mut out = io::stdout().lock();
    keep(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// What kept something from being printed, the first of it.
static FAILED: OnceLock<io::Error> = OnceLock::new();

/// `nearpeer ... | head` closes the pipe early, which is no fault: the files are written all the same.
fn keep(printed: io::Result<()>) {
    if let Err(error) = printed
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        FAILED.get_or_init(|| error);
    }
}

/// Whether all could be printed.
///
/// # Errors
/// [`ErrorKind::Io`] for a full disk, and the like.
pub(super) fn all() -> Result<(), Error> {
    match FAILED.get() {
        None => Ok(()),
        Some(error) => Err(Error::new(
            ErrorKind::Io,
            format!("standard output cannot be written: {error}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        assert_eq!(
            printable("a\u{1b}[31mé\n\u{9b}\u{202e}b\u{2069}"),
            "a\\u{1b}[31mé\\n\\u{9b}\\u{202e}b\\u{2069}"
        );
    }
}
