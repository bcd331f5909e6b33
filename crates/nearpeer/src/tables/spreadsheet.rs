//! Text that a spreadsheet would take for a formula, made harmless and read back.
//!
//! Spreadsheets run cells that begin with `=`, `+`, `-`, `@`, a tab or a carriage return (OWASP, *CSV
//! injection*). Such a cell is written with a `'` before it. So that reading is the exact inverse, a cell
//! that already has such marks before one of these characters gets one more.

use std::borrow::Cow;

/// The mark that spreadsheets know as 'this is text'.
const MARK: char = '\'';

/// The text as it is written.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        Cow::Owned(format!("{MARK}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as it was before [`guard`].
pub(crate) fn unguard(text: &str) -> &str {
    match text.strip_prefix(MARK) {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

/// Whether the text, after any marks, begins with a character that starts a formula.
pub(crate) fn is_formula(text: &str) -> bool {
    text.trim_start_matches(MARK)
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_other_text_is_not() {
        assert_eq!(guard("=1+1"), "'=1+1");
        assert_eq!(guard("-5"), "'-5");
        assert_eq!(guard("'=1"), "''=1");
        assert_eq!(guard("'tis"), "'tis");
        assert_eq!(guard("ana"), "ana");
    }

    proptest! {
        #[test]
        fn reading_undoes_writing(text in r"['=+@\t\r-]{0,4}.{0,6}") {
            let written = guard(&text);
            prop_assert_eq!(unguard(&written), &text[..]);
        }

        #[test]
        fn what_is_written_starts_no_formula(text in r"['=+@\t\r-]{0,4}.{0,6}") {
            let written = guard(&text).into_owned();
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']), "{written:?}");
        }
    }
}
