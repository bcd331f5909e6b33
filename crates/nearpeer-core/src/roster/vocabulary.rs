//! Dictionary-encoded text: a word is stored once and named by a small integer.

use indexmap::IndexSet;

/// The number of a word in its [`Vocabulary`].
pub type Code = u32;

/// The distinct words of one attribute (interests, sites, slots, ...), shared by both sides.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    words: IndexSet<Box<str>>,
}

/// The same words with the same codes; sets would be equal in any order.
impl PartialEq for Vocabulary {
    fn eq(&self, other: &Self) -> bool {
        self.words.as_slice() == other.words.as_slice()
    }
}

impl Eq for Vocabulary {}

impl Vocabulary {
    /// The code of `word`, which is added if it is new.
    pub(crate) fn intern(&mut self, word: &str) -> Code {
        let known = self.words.get_index_of(word);
        let position = known.unwrap_or_else(|| self.words.insert_full(word.into()).0);
        Code::try_from(position).expect("fewer than 2^32 distinct words")
    }

    /// The code of `word`, if it occurs.
    #[must_use]
    pub fn code(&self, word: &str) -> Option<Code> {
        let position = self.words.get_index_of(word)?;
        Some(Code::try_from(position).expect("fewer than 2^32 distinct words"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_code_and_the_order_of_words_counts() {
        let of = |words: [&str; 3]| {
            let mut vocabulary = Vocabulary::default();
            let codes = words.map(|word| vocabulary.intern(word));
            (vocabulary, codes)
        };
        let (vocabulary, codes) = of(["chess", "art", "chess"]);
        assert_eq!(codes, [0, 1, 0]);
        assert_eq!(vocabulary.len(), 2);
        assert_eq!(
            (vocabulary.code("art"), vocabulary.code("film")),
            (Some(1), None)
        );
        assert_eq!(vocabulary.word(1), "art");
        assert_eq!(vocabulary, of(["chess", "art", "art"]).0);
        assert_ne!(vocabulary, of(["art", "chess", "art"]).0);
    }
}
