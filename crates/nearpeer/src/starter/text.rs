//! Lines of TOML; what comes from tables is quoted, so that it can neither end a line nor a string.

/// The settings as they grow.
pub(super) struct Text(String);

impl Text {
    pub(super) fn new() -> Self {
        Self(String::new())
    }

    /// A line as it is.
    pub(super) fn line(&mut self, line: &str) {
        debug_assert!(!line.contains('\n'));
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A comment on a line of its own.
    pub(super) fn note(&mut self, note: &str) {
        self.line(&format!("# {note}"));
    }

    /// A setting with a comment behind it.
    pub(super) fn setting(&mut self, setting: &str, note: &str) {
        self.line(&format!("{setting:<24} # {note}"));
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.line("");
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A word of a table as a string on one line.
pub(super) fn quoted(word: &str) -> String {
    // JSON's escapes are those of TOML's basic strings, but for the characters that JSON leaves as they are.
    let mut out = String::from("\"");
    for character in word.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            character if character.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quoted_word_is_one_line_and_is_read_back(word in any::<String>()) {
            let line = quoted(&word);
            prop_assert!(!line.contains(['\n', '\r']));
            let table: toml::Table = format!("word = {line}\n# {line}\n").parse().expect("TOML");
            prop_assert_eq!(table["word"].as_str(), Some(&*word));
        }
    }
}
