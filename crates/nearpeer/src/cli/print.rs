//! Printing: a reader that has gone is no fault, and control characters of input do not reach a terminal.

use std::fmt::Display;
use std::io::{self, Write};

use nearpeer::Error;

/// Prints a line for people.
pub(super) fn line(text: &impl Display) {
    write(&printable(&text.to_string()));
}

/// Prints a JSON object on a line.
pub(super) fn json(object: &serde_json::Value) {
    write(&object.to_string());
}

/// Prints what went wrong, on standard error.
pub(super) fn fault(error: &Error) {
    let text = format!("error: {error}");
    // There is nowhere left to complain to.
    let _ = writeln!(io::stderr().lock(), "{}", printable(&text));
}

fn write(line: &str) {
    let mut out = io::stdout().lock();
    // `nearpeer ... | head` closes the pipe early; the files are written all the same.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if turns(character) {
            out.extend(character.escape_unicode());
        } else if character.is_control() {
            out.extend(character.escape_debug());
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a character turns the direction of the text after it around (Unicode Standard Annex 9), or breaks the line.
fn turns(character: char) -> bool {
    matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
