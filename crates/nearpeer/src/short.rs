//! Messages that quote a file must not be as long as the file.

use std::borrow::Cow;

/// The text, or its first two thirds and its end where it has more than `most` characters: parsers say
/// first what is wrong, and last where.
pub(crate) fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    let count = text.chars().count();
    if count <= most {
        return Cow::Borrowed(text);
    }
    let start = most * 2 / 3;
    let part = |from, length| text.chars().skip(from).take(length).collect::<String>();
    let end = most - start;
    Cow::Owned(format!("{}...{}", part(0, start), part(count - end, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_and_the_end_are_kept() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdéfg", 6), "abcd...fg");
        let long = "é".repeat(1_000_000);
        assert_eq!(shorten(&long, 200).chars().count(), 203);
    }
}
