//! Dictionary-encoded text: a word is stored once and named by a small integer.

use std::collections::HashMap;

/// The number of a word in its [`Vocabulary`].
pub type Code = u32;

/// The distinct words of one attribute (interests, sites, slots, ...), shared by both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    words: Vec<Box<str>>,
    codes: HashMap<Box<str>, Code>,
}

impl Vocabulary {
    /// The code of `word`, which is added if it is new.
    pub(crate) fn intern(&mut self, word: &str) -> Code {
        if let Some(&code) = self.codes.get(word) {
            return code;
        }
        let code = Code::try_from(self.words.len()).expect("fewer than 2^32 distinct words");
        self.words.push(word.into());
        self.codes.insert(word.into(), code);
        code
    }

    /// The code of `word`, if it occurs.
    #[must_use]
    pub fn code(&self, word: &str) -> Option<Code> {
        self.codes.get(word).copied()
    }

    /// The word with this code.
    ///
    /// # Panics
    /// If the code is of another vocabulary.
    #[must_use]
    pub fn word(&self, code: Code) -> &str {
        &self.words[code as usize]
    }

    /// How many distinct words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether no word was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// A list of codes a person, without repeats; `None` where the cell was empty of data (null).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    starts: Vec<u32>,
    codes: Vec<Code>,
    known: Vec<bool>,
}

impl Lists {
    /// Appends the next person's list, keeping its order (preferences are ranked).
    pub(crate) fn push(&mut self, list: Option<Vec<Code>>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.known.push(list.is_some());
        self.codes.extend(list.unwrap_or_default());
        self.starts
            .push(u32::try_from(self.codes.len()).expect("fewer than 2^32 list items"));
    }

    /// The list of the person at `row`, `None` if it is not known.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&[Code]> {
        let range = self.starts[row] as usize..self.starts[row + 1] as usize;
        self.known[row].then(|| &self.codes[range])
    }
}
