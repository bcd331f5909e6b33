//! Numbers and foreign text as people read them.

use nearpeer_core::Micropoints;
use nearpeer_core::words::{form, turns};

/// The longest cell of a table of somebody's that a page shows, in characters.
const CELL: usize = 80;

/// The longest sentence with somebody's words in it, in characters.
const SENTENCE: usize = 400;

/// Foreign text as it can stand in a cell: short, and without characters that no page shows or that turn the text
/// around them.
pub(crate) fn clean(text: &str) -> String {
    shown(text, CELL)
}

/// [`clean`] for a sentence.
pub(crate) fn clean_long(text: &str) -> String {
    shown(text, SENTENCE)
}

fn shown(text: &str, most: usize) -> String {
    let visible = |character: char| match character {
        '\t' | '\n' | '\r' => ' ',
        _ if character.is_control() || turns(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    };
    let mut out: String = text.chars().take(most).map(visible).collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
}

/// A number with commas: `12,345`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 mentee`, `12 mentees`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), form(number, one, many))
}

/// A share in percent with one decimal, rounded down, so that `100 %` is everybody and `0 %` is nobody.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0 %".to_owned();
    }
    if part == whole {
        return "100 %".to_owned();
    }
    let tenths = u128::from(part) * 1000 / u128::from(whole);
    match tenths {
        0 => "under 0.1 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// A score in points with three decimals; the tables have all six.
pub(crate) fn points(score: Micropoints) -> String {
    let thousandths = (score.0.unsigned_abs() + 500) / 1000;
    let sign = if score.0 < 0 && thousandths > 0 {
        "−"
    } else {
        ""
    };
    format!("{sign}{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// The mean of so many scores.
pub(crate) fn mean(total: i64, scores: usize) -> Micropoints {
    match scores {
        0 => Micropoints(0),
        _ => Micropoints(total / scores as i64),
    }
}

/// A name of ours or of a programme's key as words: `grade_gap` is `grade gap`.
pub(crate) fn spaced(name: &str) -> String {
    clean(name).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shares_rounded_down() {
        assert_eq!(
            [0, 12, 999, 1_000, 1_234_567].map(count),
            ["0", "12", "999", "1,000", "1,234,567"]
        );
        assert_eq!(share(9_999, 10_000), "99.9 %");
        assert_eq!(share(1, 10_000), "under 0.1 %");
        assert_eq!(
            [share(0, 0), share(0, 3), share(3, 3)],
            ["0 %", "0 %", "100 %"]
        );
        assert_eq!(counted(1, "pair", "pairs"), "1 pair");
        assert_eq!(counted(1_200, "pair", "pairs"), "1,200 pairs");
    }

    #[test]
    fn scores_have_three_decimals() {
        let shown = [600_926, 999_999, 0, -1, -1_500].map(|score| points(Micropoints(score)));
        assert_eq!(shown, ["0.601", "1.000", "0.000", "0.000", "−0.002"]);
    }

    #[test]
    fn foreign_text_is_short_and_keeps_its_direction_to_itself() {
        assert_eq!(clean("a\u{202e}b\u{7}c\nd"), "a\u{fffd}b\u{fffd}c d");
        assert_eq!(clean("سارة é 👩‍🎓"), "سارة é 👩‍🎓");
        assert_eq!(clean(&"x".repeat(100_000)).chars().count(), CELL + 1);
    }
}
